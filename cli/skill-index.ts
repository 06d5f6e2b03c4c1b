import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode, writeAtomically } from './atomic-file.ts';
import type { CliContext } from './context.ts';
import { homePath } from './home.ts';
import { UserError } from './user-error.ts';

const recordSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  version: z.string(),
  registry: z.string(),
  /** Of the archive that was downloaded. */
  sha256: z.string(),
  /** Of the files; see `treeDigest`. */
  treeDigest: z.string(),
  keyId: z.string(),
  installedAt: z.string(),
});

const indexSchema = z.object({ skills: z.record(z.string(), recordSchema) });

/** What was installed under one name, and from where. */
export type InstallRecord = z.infer<typeof recordSchema>;

/** The folder that holds installed skills and their `index.json`: of this project, or the user's. */
export function skillsRoot(context: Pick<CliContext, 'env' | 'home' | 'cwd'>, global: boolean): string {
  return global ? homePath(context) : join(context.cwd, '.skills');
}

/**
 * What is installed, by name.
 *
 * @throws UserError when the file is not what this program wrote
 */
export async function readIndex(root: string): Promise<Map<string, InstallRecord>> {
  const path = join(root, 'index.json');
  try {
    const { skills } = indexSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return new Map(Object.entries(skills));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return new Map();
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new UserError(
      `${path} is damaged.`,
      'Restore it from your version control, or remove it and the skills beside it and install them again.',
      1,
      { cause },
    );
  }
}

/** Replaces the index as a whole, sorted by name. */
export async function writeIndex(root: string, records: ReadonlyMap<string, InstallRecord>): Promise<void> {
  const sorted = [...records].sort(([a], [b]) => (a < b ? -1 : 1));
  await writeAtomically(
    join(root, 'index.json'),
    `${JSON.stringify({ skills: Object.fromEntries(sorted) }, null, 2)}\n`,
    0o644,
  );
}

export function labelOf({ namespace, name, version }: Pick<InstallRecord, 'namespace' | 'name' | 'version'>): string {
  return `@${namespace}/${name}@${version}`;
}
