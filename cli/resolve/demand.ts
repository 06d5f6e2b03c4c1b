import Range from 'semver/classes/range.js';
import { isVersion, isVersionRange } from '../../src/format/semver.ts';
import { CodedError } from '../failure.ts';
import { addressText, type VersionSource, type Wanted } from './plan.ts';

/** A wanted skill, made ready to be held against versions. */
export interface Demand {
  wanted: Wanted;
  /** `@namespace/name` of the wanted skill. */
  target: string;
  /** `@namespace/name` of the skill that wants it; undefined for the user. */
  owner: string | undefined;
  accepts(version: string): boolean;
}

/**
 * Reads the range of a wanted skill. A tag stands for the one version that it leads to now, `latest` for any without a
 * source that knows tags; what is neither range nor tag fits nothing.
 */
export async function readDemand(source: VersionSource, wanted: Wanted, owner?: string): Promise<Demand> {
  return { wanted, target: addressText(wanted), owner, accepts: await readRange(source, wanted) };
}

async function readRange(source: VersionSource, wanted: Wanted): Promise<(version: string) => boolean> {
  const { range } = wanted;
  // Ranges do not look at build metadata; a whole version that has some means that one.
  if (isVersion(range) && range.includes('+')) return (version) => version === range;
  if (isVersionRange(range)) return inRange(range);
  if (source.tag === undefined) return range === 'latest' ? inRange('*') : () => false;
  const tagged = await unlessMissing(source.tag(wanted, range), undefined);
  return (version) => version === tagged;
}

/** What a source answers, or `otherwise` when it says that there is no such thing. */
export function unlessMissing<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  return answer.catch((error) => {
    if (error instanceof CodedError && error.code === 'not_found') return otherwise;
    throw error;
  });
}

/** A prerelease counts only when the range names one of the same version. */
function inRange(range: string): (version: string) => boolean {
  const parsed = new Range(range);
  return (version) => parsed.test(version);
}
