import { comparePaths } from '../../format/bundle.ts';
import { decodeUtf8 } from '../../format/text.ts';
import { type DiffBudget, diffBudget, diffText, type Hunk } from '../../format/text-diff.ts';
import { readZip } from '../../format/zip-read.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { type FoundVersion, getVersion } from './get-version.ts';
import { listVersions } from './list-versions.ts';
import { getPreview, openBundle } from './open-bundle.ts';
import type { Preview } from './preview.ts';
import { PUBLISHED } from './read-file.ts';

/** The largest file that is compared line by line, and how much text of one comparison is, both versions counted. */
export const MOST_FILE_BYTES = 512 * 1024;
export const MOST_TEXT_BYTES = 2 * 1024 * 1024;
/** Packers rewrite it for every version. */
const LEFT_OUT = 'manifest.json';
const FIRST = 'SKILL.md';

export interface FileDiff {
  path: string;
  status: 'added' | 'removed' | 'modified';
  /** Without hunks: no UTF-8 text, or more of it than is compared. */
  binary: boolean;
  hunks: Hunk[];
}

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

  const spent = { text: 0, edits: diffBudget() };
  const files = paths.flatMap((path) => diffFile(path, old.get(path), young.get(path), spent));
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
  return [...paths]
    .filter((path) => path !== LEFT_OUT && !unchanged.has(path))
    .sort((a, b) => Number(b === FIRST) - Number(a === FIRST) || comparePaths(a, b));
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

/** Nothing for files that turn out to be the same. */
function diffFile(
  path: string,
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
  spent: { text: number; edits: DiffBudget },
): FileDiff[] {
  if (before && after && equal(before, after)) return [];
  const status = before === undefined ? 'added' : after === undefined ? 'removed' : 'modified';
  const sizes = [before?.length ?? 0, after?.length ?? 0];
  const size = sizes.reduce((total, bytes) => total + bytes, 0);
  const tooLarge = Math.max(...sizes) > MOST_FILE_BYTES || spent.text + size > MOST_TEXT_BYTES;
  const old = tooLarge ? undefined : textOf(before);
  const young = tooLarge ? undefined : textOf(after);
  if (old === undefined || young === undefined) return [{ path, status, binary: true, hunks: [] }];
  spent.text += size;
  return [{ path, status, binary: false, hunks: diffText(old, young, spent.edits) }];
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** A missing file is empty text. */
function textOf(bytes: Uint8Array = new Uint8Array()): string | undefined {
  return bytes.includes(0) ? undefined : decodeUtf8(bytes);
}
