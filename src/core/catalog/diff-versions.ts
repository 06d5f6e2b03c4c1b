import { diffCost, diffFile, type FileDiff, sortForReading } from '../../format/file-diff.ts';
import { readZip } from '../../format/zip-read.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { type FoundVersion, getVersion } from './get-version.ts';
import { listVersions } from './list-versions.ts';
import { getPreview, openBundle } from './open-bundle.ts';
import type { Preview } from './preview.ts';
import { PUBLISHED } from './read-file.ts';

/** Packers rewrite it for every version. */
const LEFT_OUT = 'manifest.json';

export interface VersionDiff {
  from: FoundVersion;
  to: FoundVersion;
  /** Files that differ, `SKILL.md` first, then by path; `manifest.json` never. */
  files: FileDiff[];
}

type DiffDeps = Pick<Deps, 'db' | 'bundles'>;

/**
 * What changed from one published version of a skill to another. Each is a number, a tag or a range; `to` is the newest when
 * nothing is said, `from` the one before `to`.
 *
 * @throws Problem as `getVersion` does, `not_found` where there is no earlier version, `invalid_request` for a version and itself
 */
export async function diffVersions(
  deps: DiffDeps,
  actor: Actor,
  wanted: { namespace: string; name: string; from?: string; to?: string },
): Promise<VersionDiff> {
  const { namespace, name } = wanted;
  const { from, to } = await resolveBoth(deps, actor, wanted);
  if (from === to) {
    throw new Problem('invalid_request', `@${namespace}/${name}@${to} cannot be compared with itself.`, {
      fix: 'Name two versions: ?from=1.0.0&to=1.1.0.',
    });
  }
  const before = await getPreview(deps, actor, { namespace, name, version: from });
  const after = await getPreview(deps, actor, { namespace, name, version: to });
  const paths = differing(before.preview, after.preview);
  const isWanted = (path: string) => paths.includes(path);
  const old = await readTexts(deps, actor, { namespace, name, version: from }, isWanted);
  const young = await readTexts(deps, actor, { namespace, name, version: to }, isWanted);

  const cost = diffCost();
  const files = paths.flatMap((path) => diffFile(path, old.get(path), young.get(path), cost));
  return { from: before, to: after, files };
}

async function resolveBoth(
  deps: DiffDeps,
  actor: Actor,
  wanted: { namespace: string; name: string; from?: string; to?: string },
): Promise<{ from: string; to: string }> {
  const { namespace, name } = wanted;
  const named = async (version: string) =>
    (await getVersion(deps, actor, { namespace, name, version })).version.version;
  const from = wanted.from === undefined ? undefined : await named(wanted.from);
  const to = wanted.to === undefined ? undefined : await named(wanted.to);
  if (from !== undefined && to !== undefined) return { from, to };

  const { versions } = await listVersions(deps, actor, namespace, name);
  const numbers = versions.filter(({ yankedAt }) => yankedAt === null).map(({ version }) => version);
  const later = to ?? numbers[0];
  const earlier = from ?? numbers[later === undefined ? 0 : numbers.indexOf(later) + 1];
  if (later !== undefined && earlier !== undefined) return { from: earlier, to: later };
  const what = later === undefined ? 'no published version' : `no version before ${later}`;
  throw new Problem('not_found', `@${namespace}/${name} has ${what} to compare with.`, {
    fix: 'Name two published versions: ?from=1.0.0&to=1.1.0.',
    missing: 'version',
  });
}

/** The paths of files that are not known to be the same, in the order of the answer. */
function differing(before: Preview, after: Preview): string[] {
  const digests = new Map(before.files.map(({ path, sha256 }) => [path, sha256]));
  const same = ({ path, sha256 }: Preview['files'][number]) => sha256 !== undefined && digests.get(path) === sha256;
  const unchanged = new Set(after.files.filter(same).map(({ path }) => path));
  const paths = new Set([...before.files, ...after.files].map(({ path }) => path));
  return sortForReading([...paths].filter((path) => path !== LEFT_OUT && !unchanged.has(path)));
}

async function readTexts(
  deps: DiffDeps,
  actor: Actor,
  wanted: { namespace: string; name: string; version: string },
  isWanted: (path: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  const { stored } = await openBundle(deps, actor, wanted, 'zip');
  const zip = new Uint8Array(await new Response(stored.body).arrayBuffer());
  const entries = readZip(zip, PUBLISHED, isWanted).filter(({ kind, path }) => kind === 'file' && isWanted(path));
  return new Map(entries.map(({ path, bytes }) => [path, bytes]));
}
