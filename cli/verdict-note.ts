import type { PackageBody } from '../src/http/v1/schemas.ts';
import { labelOf } from './project/record.ts';

type Judged = Pick<PackageBody, 'namespace' | 'name' | 'version' | 'verdict'>;

/** Whether the registry found signs of harm. Registries from before there was an examination say nothing. */
export function isDoubted({ verdict }: Pick<Judged, 'verdict'>): boolean {
  return verdict === 'suspicious' || verdict === 'malicious';
}

/** What to tell somebody who is about to use a version; nothing of one that is clean, or was not examined. */
export function verdictNote(judged: Judged): string | undefined {
  if (!isDoubted(judged)) return undefined;
  const label = labelOf(judged);
  return `warning: the registry calls ${label} ${judged.verdict}; see why: skills info ${label}`;
}

/** What to tell of a version that its publisher advises against. */
export function deprecationNote(version: Parameters<typeof labelOf>[0], message: string): string {
  return `warning: ${labelOf(version)} is deprecated: ${message}`;
}
