import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode } from '../atomic-file.ts';
import type { CliContext } from '../context.ts';
import { homePath } from '../home.ts';

const evidenceSchema = z.object({
  registry: z.string(),
  /** `rollback` or `equivocation`. */
  code: z.string(),
  message: z.string(),
  /** When it was noticed, in UTC. */
  noticed_at: z.string(),
  /** The verifier key of the log, which signed both. */
  log_key: z.string(),
  /** Signed notes: what was shown before, and what is shown now. Anybody can check them with the key. */
  checkpoints: z.object({ before: z.string(), now: z.string() }),
  /** What the registry gave as the proof that the one follows from the other; hashes in hex. */
  consistency: z.array(z.string()),
});

/** Two checkpoints that one log cannot have, each signed by it. */
export type LogEvidence = z.infer<typeof evidenceSchema>;

type EvidenceContext = Pick<CliContext, 'env' | 'home'>;

/**
 * Keeps the evidence that a log lied, in a file of its own for the user alone: `evidence/<host>-<time>.json` below
 * `~/.skills`. The same two checkpoints are kept once.
 *
 * @returns the path of the file
 * @throws what the file system throws
 */
export async function keepEvidence(context: EvidenceContext, evidence: LogEvidence): Promise<string> {
  const folder = join(homePath(context), 'evidence');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const host = new URL(evidence.registry).host.replace(/[^a-z0-9.-]/gi, '_');
  const known = await findSame(folder, host, evidence);
  if (known !== undefined) return known;
  const time = evidence.noticed_at.replaceAll(':', '-');
  for (let copy = 1; ; copy++) {
    const path = join(folder, `${host}-${time}${copy === 1 ? '' : `-${copy}`}.json`);
    if (await create(path, `${JSON.stringify(evidence, null, 2)}\n`)) return path;
  }
}

/** @returns false for a path that is taken */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function findSame(folder: string, host: string, evidence: LogEvidence): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${host}-`) || !name.endsWith('.json')) continue;
    const path = join(folder, name);
    const kept = parse(await readFile(path, 'utf8'));
    if (kept?.registry !== evidence.registry) continue;
    const { before, now } = kept.checkpoints;
    if (before === evidence.checkpoints.before && now === evidence.checkpoints.now) return path;
  }
  return undefined;
}

/** Undefined for what a crash left half written. */
function parse(text: string): LogEvidence | undefined {
  try {
    return evidenceSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
