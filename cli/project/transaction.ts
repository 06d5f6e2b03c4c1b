import { lstat, readFile, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { errorCode, writeAtomically } from '../atomic-file.ts';
import { CodedError } from '../failure.ts';
import { UserError } from '../user-error.ts';
import { type FileSteps, fileSteps } from './steps.ts';

/** One place on disk that changes: a file, a folder or a link. */
export interface Change {
  path: string;
  /** Makes what shall be there, at a place beside; without it the place is emptied. */
  make?: (draft: string, steps: FileSteps) => Promise<void>;
}

const journalSchema = z.object({
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  /** What has begun: making drafts, moving them to their places, or taking away what was there before. */
  phase: z.enum(['making', 'moving', 'tidying']),
  changes: z.array(z.object({ path: z.string(), existed: z.boolean(), draft: z.boolean() })),
  /** Folders that were not there before, the outermost first. */
  folders: z.array(z.string()),
});

type Journal = z.infer<typeof journalSchema>;
type Entry = Journal['changes'][number];

/**
 * Makes all changes or none. What shall be there is made beside its place and moved to it; what was there waits beside
 * until all is in place. A journal tells whoever comes after a killed process how far it came: see `recover`. Only one
 * process at a time may use a journal.
 *
 * @param journalPath in a folder that nobody else can write to: it decides what is deleted
 * @throws CodedError `disk_full`, `not_writable`, or whatever failed, after all is as it was before
 */
export async function change(
  journalPath: string,
  changes: readonly Change[],
  steps: FileSteps = fileSteps,
): Promise<void> {
  const journal: Journal = {
    id: crypto.randomUUID(),
    phase: 'making',
    changes: await Promise.all(
      changes.map(async ({ path, make }) => ({ path, existed: await exists(path), draft: make !== undefined })),
    ),
    folders: await missingFolders(changes.filter(({ make }) => make).map(({ path }) => dirname(path))),
  };
  try {
    await writeJournal(journalPath, journal);
    for (const { path, make } of changes) {
      if (!make) continue;
      await steps.mkdir(dirname(path), { recursive: true });
      await make(placesOf(journal, path).draft, steps);
    }
    await writeJournal(journalPath, { ...journal, phase: 'moving' });
    for (const entry of journal.changes) await move(journal, entry, steps);
    await writeJournal(journalPath, { ...journal, phase: 'tidying' });
  } catch (error) {
    await recover(journalPath, steps);
    throw told(error);
  }
  await recover(journalPath, steps);
}

/**
 * Ends what a killed process began: takes all of it back, or tidies up when all of it was in place.
 *
 * @throws UserError when the journal is not what this program wrote
 */
export async function recover(journalPath: string, steps: FileSteps = fileSteps): Promise<void> {
  const journal = await readJournal(journalPath);
  if (!journal) return;
  const isDone = journal.phase === 'tidying';
  for (const entry of [...journal.changes].reverse()) {
    const { draft, former } = placesOf(journal, entry.path);
    if (!isDone && journal.phase === 'moving') await moveBack(journal, entry, steps);
    await steps.rm(draft, REMOVE);
    if (isDone) await steps.rm(former, REMOVE);
  }
  if (!isDone) for (const folder of [...journal.folders].reverse()) await removeEmpty(folder);
  await steps.rm(journalPath, REMOVE);
}

const REMOVE = { recursive: true, force: true } as const;

const REASONS: Record<string, [code: string, message: string, fix: string]> = {
  ENOSPC: ['disk_full', 'The disk is full', 'Make room, then try again.'],
  EDQUOT: ['disk_full', 'Your share of the disk is used up', 'Make room, then try again.'],
  EACCES: ['not_writable', 'A file or folder may not be written', 'Check who owns it, then try again.'],
  EPERM: ['not_writable', 'A file or folder may not be written', 'Check who owns it, then try again.'],
  EROFS: ['not_writable', 'The disk is read-only', 'Install somewhere else.'],
};

/** What a disk refuses is the user's to mend. */
function told(cause: unknown): unknown {
  const [code, message, fix] = REASONS[errorCode(cause) ?? ''] ?? [];
  if (code === undefined || !(cause instanceof Error)) return cause;
  return new CodedError(code, `${message}; everything is as it was before: ${cause.message}`, fix ?? '', 1, { cause });
}

async function move(journal: Journal, { path, existed, draft: isMade }: Entry, steps: FileSteps): Promise<void> {
  const { draft, former } = placesOf(journal, path);
  if (existed) await steps.rename(path, former);
  if (isMade) await steps.rename(draft, path);
}

async function moveBack(journal: Journal, { path, existed, draft: isMade }: Entry, steps: FileSteps): Promise<void> {
  const { draft, former } = placesOf(journal, path);
  if (existed) {
    if (!(await exists(former))) return;
    await steps.rm(path, REMOVE);
    await steps.rename(former, path);
  } else if (isMade && !(await exists(draft))) {
    await steps.rm(path, REMOVE);
  }
}

/** No name of a skill or an agent's folder begins like these. */
function placesOf({ id }: Journal, path: string): { draft: string; former: string } {
  const name = `${id}-${basename(path)}`;
  return { draft: join(dirname(path), `.new-${name}`), former: join(dirname(path), `.old-${name}`) };
}

async function writeJournal(path: string, journal: Journal): Promise<void> {
  await writeAtomically(path, JSON.stringify(journal), 0o600);
}

async function readJournal(path: string): Promise<Journal | undefined> {
  try {
    return journalSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    const fix = 'Remove it, then check what is installed with `skills verify`.';
    throw new UserError(`${path} is damaged.`, fix, 1, { cause });
  }
}

/** True for a link that leads nowhere, too. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function missingFolders(folders: readonly string[]): Promise<string[]> {
  const missing = new Set<string>();
  for (const start of folders) {
    for (let folder = start; !missing.has(folder) && !(await exists(folder)); folder = dirname(folder)) {
      missing.add(folder);
    }
  }
  return [...missing].sort((a, b) => a.length - b.length);
}

async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}
