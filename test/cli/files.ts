import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type SkillOptions, skill } from '../support/skills.ts';

/** Writes files by path, with the folders they need. */
export async function writeFiles(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Writes a valid skill, but for what a test wants otherwise. */
export async function writeSkill(folder: string, options?: SkillOptions): Promise<void> {
  for (const { path, bytes, executable } of skill(options).files) {
    await writeFiles(folder, { [path]: bytes });
    if (executable) await chmod(join(folder, path), 0o755);
  }
}

/** All paths below a folder, sorted; empty when there is no such folder. */
export async function tree(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
