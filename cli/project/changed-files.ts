import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, readdir, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../atomic-file.ts';
import type { CliContext } from '../context.ts';
import { CodedError } from '../failure.ts';
import { homePath } from '../home.ts';
import { folderDigest } from './folder-digest.ts';
import { realFolder } from './real-path.ts';
import { type InstallRecord, labelOf } from './record.ts';
import type { FileSteps } from './steps.ts';
import { type Change, exists } from './transaction.ts';

/** A change of a place that holds a skill. */
export interface SkillChange extends Change {
  /** What this program may have put there, first what it did put there as far as it is known. */
  known: readonly InstallRecord[];
}

/** A place with files that somebody changed by hand, which a command replaces or takes away. */
export interface ChangedPlace {
  path: string;
  record: InstallRecord;
  isReplaced: boolean;
}

/** Such a place, and where its files are kept. */
export interface KeptPlace extends ChangedPlace {
  keptIn: string;
}

type HomeContext = Pick<CliContext, 'env' | 'home'>;

/** Where files are kept that somebody changed by hand: no agent looks for skills there. */
function keptFolder(context: HomeContext): string {
  return join(homePath(context), 'changed');
}

/** Those of the places that do not hold what this program put there. A link is passed over: what it leads to stays. */
export async function changedByHand(changes: readonly SkillChange[]): Promise<ChangedPlace[]> {
  const changed: ChangedPlace[] = [];
  for (const { path, make, known } of changes) {
    const [record] = known;
    if (!record || !(await exists(path)) || (await lstat(path)).isSymbolicLink()) continue;
    const digest = await folderDigest(path);
    if (known.some(({ treeDigest }) => treeDigest === digest)) continue;
    changed.push({ path, record, isReplaced: make !== undefined });
  }
  return changed;
}

/**
 * Keeps what somebody changed, as a part of the same transaction. What is kept already is not kept twice.
 *
 * @returns where each place is kept, and the changes that do so, to be made before all others
 * @throws CodedError `not_kept` for files that cannot be read, `conflict` when something else is where they would be kept
 */
export async function keepChanged(
  context: HomeContext,
  places: readonly ChangedPlace[],
): Promise<{ kept: KeptPlace[]; changes: Change[] }> {
  const kept: KeptPlace[] = [];
  const changes: Change[] = [];
  if (places.length > 0) await realFolder(keptFolder(context));
  for (const place of places) {
    const { keptIn, isThere } = await whereToKeep(keptFolder(context), place).catch((cause) => {
      throw unreadable(place, cause);
    });
    kept.push({ ...place, keptIn });
    if (!isThere) changes.push({ path: keptIn, make: (draft, steps) => copyForOwner(place.path, draft, steps) });
  }
  return { kept, changes };
}

export function keptNote({ record, keptIn }: KeptPlace): string {
  return `note: the files of ${labelOf(record)} were changed by hand; your version is kept in ${keptIn}.`;
}

/** The same before it is done. */
export function wouldKeepNote(context: HomeContext, { record, isReplaced }: ChangedPlace): string {
  const what = isReplaced ? 'replaced' : 'removed';
  return `note: the files of ${labelOf(record)} were changed by hand; they would be ${what}, and your version kept in ${keptFolder(context)}.`;
}

/** The name tells of the place and its files, so that no two projects use one folder. */
async function whereToKeep(
  folder: string,
  { path, record }: ChangedPlace,
): Promise<{ keptIn: string; isThere: boolean }> {
  const digest = await contentDigest(path);
  const short = createHash('sha256').update(`${path}\n${digest}`).digest('hex').slice(0, 8);
  const base = join(folder, `${record.name}-${record.version}-${short}`);
  // What was kept may have been edited since.
  for (let count = 1; ; count++) {
    const keptIn = count === 1 ? base : `${base}-${count}`;
    if (!(await exists(keptIn))) return { keptIn, isThere: false };
    if ((await contentDigest(keptIn)) === digest) return { keptIn, isThere: true };
  }
}

/** Of everything in a folder, also of what no skill holds: empty folders, and links as such. */
async function contentDigest(root: string): Promise<string> {
  const hash = createHash('sha256');
  const add = async (path: string, name: string): Promise<void> => {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) hash.update(JSON.stringify([name, 'link', await readlink(path)]));
    if (stats.isFile()) {
      hash.update(JSON.stringify([name, 'file', stats.mode & 0o100, stats.size]));
      for await (const chunk of createReadStream(path)) hash.update(chunk);
    }
    if (!stats.isDirectory()) return;
    hash.update(JSON.stringify([name, 'folder']));
    for (const child of (await readdir(path)).sort()) await add(join(path, child), `${name}/${child}`);
  };
  await add(root, '');
  return hash.digest('hex');
}

async function copyForOwner(from: string, draft: string, steps: FileSteps): Promise<void> {
  await chmod(dirname(draft), 0o700);
  await copy(from, draft, steps);
  if ((await lstat(draft)).isDirectory()) await chmod(draft, 0o700);
}

/** Links are copied as links. Pipes and sockets hold nothing. */
async function copy(from: string, to: string, steps: FileSteps): Promise<void> {
  const stats = await lstat(from);
  if (stats.isSymbolicLink()) return steps.symlink(await readlink(from), to);
  if (stats.isFile()) return steps.copyFile(from, to);
  if (!stats.isDirectory()) return;
  await steps.mkdir(to, { recursive: true });
  for (const child of await readdir(from)) await copy(join(from, child), join(to, child), steps);
}

function unreadable({ path, record }: ChangedPlace, cause: unknown): unknown {
  if (errorCode(cause) === undefined || !(cause instanceof Error)) return cause;
  const message = `The files of ${labelOf(record)} were changed by hand, and cannot be kept: ${cause.message}`;
  return new CodedError('not_kept', message, `Check who may read ${path}, or move it away.`, 1, { cause });
}
