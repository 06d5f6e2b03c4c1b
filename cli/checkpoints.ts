import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode, writeAtomically } from './atomic-file.ts';
import type { CliContext } from './context.ts';
import { homePath } from './home.ts';
import { withLock } from './root-lock.ts';
import { UserError } from './user-error.ts';

const seenSchema = z.object({
  /** The verifier key of the log, as it was when first met. */
  key: z.string().optional(),
  /** The newest checkpoint: a signed note. */
  checkpoint: z.string().optional(),
  /** True when the user was told that this registry has no log. */
  warned: z.boolean().optional(),
});

const fileSchema = z.object({ registries: z.record(z.string(), seenSchema).default({}) });

/** What is known of one registry's transparency log. */
export type SeenLog = z.infer<typeof seenSchema>;
type Seen = z.infer<typeof fileSchema>;
type LogContext = Pick<CliContext, 'env' | 'home' | 'clock'>;

/** Others hold the lock for a moment only. */
const LOCK_WAIT_MS = 5_000;

/** @throws UserError when the file is not what this program wrote: without it nobody would notice a log that lies */
export async function readSeenLog(context: LogContext, registry: string): Promise<SeenLog> {
  return logOf(await readSeen(context), registry);
}

/**
 * Changes what is known of one registry's log. One process at a time, since two that saw different trees must notice it.
 *
 * @throws UserError, or whatever `change` throws; then everything stays as it was
 */
export async function updateSeenLog(
  context: LogContext,
  registry: string,
  change: (seen: SeenLog) => Promise<SeenLog>,
): Promise<void> {
  const folder = homePath(context);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const update = async () => {
    const seen = await readSeen(context);
    const registries = { ...seen.registries, [registry]: await change(logOf(seen, registry)) };
    await writeAtomically(pathOf(context), `${JSON.stringify({ ...seen, registries }, null, 2)}\n`, 0o600);
  };
  const path = join(folder, 'checkpoints.lock');
  await withLock({ path, doing: 'remembers what a log shows', clock: context.clock, waitMs: LOCK_WAIT_MS }, update);
}

async function readSeen(context: LogContext): Promise<Seen> {
  const path = pathOf(context);
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return { registries: {} };
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    const fix = 'Restore it; if you cannot, remove it: then logs are trusted as if met for the first time.';
    throw new UserError(`${path} is damaged.`, fix, 1, { cause });
  }
}

function logOf({ registries }: Seen, registry: string): SeenLog {
  return Object.hasOwn(registries, registry) ? (registries[registry] ?? {}) : {};
}

function pathOf(context: LogContext): string {
  return join(homePath(context), 'checkpoints.json');
}
