import { readFile } from 'node:fs/promises';
import { checkNamespace, checkSkillName } from '../../src/format/names.ts';
import { isVersion } from '../../src/format/semver.ts';
import type { LoadWarning } from './public.ts';
import { codeOf } from './skill-files.ts';

/** What `skills` noted when it installed a skill. */
export interface SkillRecord {
  namespace?: string;
  name: string;
  version?: string;
  /** Of the files that were installed; see `treeDigest`. */
  treeDigest?: string;
}

export type Warn = (warning: LoadWarning) => void;

/**
 * The skills that a `skills.lock` or `index.json` names, by name: `{"skills": {"@acme/pdf-tools": {"version": …}}}`.
 * Empty when there is no such file; what is wrong in it is warned of and passed over.
 */
export async function readRecords(path: string, warn: Warn): Promise<Map<string, SkillRecord>> {
  const text = await readFile(path, 'utf8').catch((error) => {
    const code = codeOf(error);
    if (code === undefined) throw error;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      warn({ code: 'unreadable', path, message: `${path} cannot be read (${code}).`, fix: 'Check who may read it.' });
    }
    return undefined;
  });
  const records = new Map<string, SkillRecord>();
  if (text === undefined) return records;
  const skills = skillsOf(text);
  for (const [key, value] of Object.entries(skills ?? {})) {
    const record = recordOf(key, value);
    if (record) records.set(record.name, record);
    else warn(damaged(path, `has an entry '${key.slice(0, 100)}' that is none`));
  }
  if (skills === undefined) warn(damaged(path, 'is damaged'));
  return records;
}

function damaged(path: string, problem: string): LoadWarning {
  return { code: 'damaged_record', path, message: `${path} ${problem}.`, fix: 'Restore it, or install again.' };
}

function skillsOf(text: string): Record<string, unknown> | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isObject(document) && isObject(document.skills) ? document.skills : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The key is `@namespace/name` or, for what came from no registry, `name`. */
function recordOf(key: string, value: unknown): SkillRecord | undefined {
  const [, namespace, name = ''] = /^(?:@([^/]+)\/)?([^/]+)$/.exec(key) ?? [];
  if (checkSkillName(name) !== undefined || !isObject(value)) return undefined;
  if (namespace !== undefined && checkNamespace(namespace) !== undefined) return undefined;
  const { version, treeDigest } = value;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(typeof version === 'string' && isVersion(version) ? { version } : {}),
    ...(typeof treeDigest === 'string' ? { treeDigest } : {}),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
