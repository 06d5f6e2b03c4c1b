import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Warn } from './records.ts';
import { codeOf, isMissing, readInside, SkillFileError } from './skill-files.ts';

const FOLDER = '.skill';
const MAX_BYTES = 256 * 1024;

/** `.skill/<framework>.json` of a skill, parsed, by framework; a broken one is warned of and left out. */
export async function readAdapters(root: string, warn: Warn): Promise<Record<string, unknown>> {
  const adapters: [string, unknown][] = [];
  for (const name of await listAdapters(root, warn)) {
    const path = `${FOLDER}/${name}`;
    try {
      const text = new TextDecoder().decode(await readInside(root, path, MAX_BYTES));
      adapters.push([name.slice(0, -'.json'.length), JSON.parse(text.replace(/^\ufeff/, ''))]);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof SkillFileError)) throw error;
      const problem = error instanceof SyntaxError ? `'${path}' is not JSON (${error.message})` : error.message;
      warn({ code: 'invalid_adapter', path: join(root, path), message: `${root}: ${problem}`, fix: 'Correct it.' });
    }
  }
  return Object.fromEntries(adapters);
}

async function listAdapters(root: string, warn: Warn): Promise<string[]> {
  try {
    const names = await readdir(join(root, FOLDER));
    return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    if (!isMissing(error)) {
      const path = join(root, FOLDER);
      warn({ code: 'invalid_adapter', path, message: `${path} cannot be read (${code}).`, fix: 'Check its rights.' });
    }
    return [];
  }
}
