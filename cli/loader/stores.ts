import { access, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkSkillName } from '../../src/format/names.ts';
import { compareVersions, isVersion } from '../../src/format/semver.ts';
import { isOwnFolder } from './own-folder.ts';
import type { SkillScope } from './public.ts';
import { readRecords, type SkillRecord, type Warn } from './records.ts';
import { codeOf, isMissing } from './skill-files.ts';

/** A folder that should hold a skill. */
export interface Candidate {
  path: string;
  scope: SkillScope;
  /** What the folder should be called by: the skill's name. */
  folderName: string;
  record?: SkillRecord;
}

/**
 * The nearest folder from `cwd` upwards that has a `skills.json` or `skills.lock`, else `cwd`. Folders above count only where
 * they are the user's own.
 */
export async function findProject(cwd: string): Promise<string> {
  const start = resolve(cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    const isProject = (await exists(join(folder, 'skills.json'))) || (await exists(join(folder, 'skills.lock')));
    if (isProject && (folder === start || isOwnFolder(folder))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

/** The skills in `folder/<name>`; recorded ones that are missing are warned of. */
export async function listFolder(
  folder: string,
  scope: SkillScope,
  records: ReadonlyMap<string, SkillRecord>,
  warn: Warn,
): Promise<Candidate[]> {
  const names = await listNames(folder, warn);
  return names.map((folderName) => {
    const record = records.get(folderName);
    return { path: join(folder, folderName), scope, folderName, ...(record ? { record } : {}) };
  });
}

/** The project's skills: `.agents/skills/<name>`, as `skills.lock` records them. */
export async function listProject(root: string, warn: Warn): Promise<Candidate[]> {
  const lock = join(root, 'skills.lock');
  const records = await readRecords(lock, warn);
  const candidates = await listFolder(join(root, '.agents/skills'), 'project', records, warn);
  warnOfMissing(lock, records, candidates, 'skills ci', warn);
  return candidates;
}

/**
 * The user's skills: `<skillsHome>/<name>/<version>`, in the version that `index.json` records, else in the newest, then
 * `~/.agents/skills/<name>`.
 */
export async function listGlobal(
  home: string | undefined,
  skillsHome: string | undefined,
  warn: Warn,
): Promise<Candidate[]> {
  const stored = skillsHome === undefined ? [] : await listStore(skillsHome, warn);
  const agents = home === undefined ? [] : await listFolder(join(home, '.agents/skills'), 'global', new Map(), warn);
  return [...stored, ...agents];
}

async function listStore(skillsHome: string, warn: Warn): Promise<Candidate[]> {
  const index = join(skillsHome, 'index.json');
  const records = await readRecords(index, warn);
  const names = (await listNames(skillsHome, warn)).filter((name) => checkSkillName(name) === undefined);
  const stored = await Promise.all(names.map((name) => storedVersion(skillsHome, name, records.get(name), warn)));
  const candidates = stored.filter((candidate) => candidate !== undefined);
  warnOfMissing(index, records, candidates, 'skills ci -g', warn);
  return candidates;
}

async function storedVersion(
  skillsHome: string,
  name: string,
  record: SkillRecord | undefined,
  warn: Warn,
): Promise<Candidate | undefined> {
  const versions = (await listNames(join(skillsHome, name), warn)).filter(isVersion).sort(compareVersions);
  const recorded = record?.version !== undefined && versions.includes(record.version);
  const version = recorded ? record.version : versions.at(-1);
  if (version === undefined) return undefined;
  const found = { path: join(skillsHome, name, version), scope: 'global', folderName: name } as const;
  return { ...found, record: recorded ? record : { name, version } };
}

function warnOfMissing(
  path: string,
  records: ReadonlyMap<string, SkillRecord>,
  candidates: readonly Candidate[],
  command: string,
  warn: Warn,
): void {
  const found = new Set(candidates.map(({ record }) => record).filter((record) => record !== undefined));
  for (const record of records.values()) {
    if (found.has(record)) continue;
    const { namespace, name, version } = record;
    const label = `${namespace ? `@${namespace}/` : ''}${name}${version ? `@${version}` : ''}`;
    const message = `${path} names ${label}, which is not there.`;
    warn({ code: 'not_installed', path, message, fix: `Install it again: ${command}` });
  }
}

/** The folders and links in a folder, sorted, without hidden ones; none when it does not exist. */
async function listNames(folder: string, warn: Warn): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    const code = codeOf(error);
    if (code === undefined) throw error;
    warn({
      code: 'unreadable',
      path: folder,
      message: `${folder} cannot be read (${code}).`,
      fix: 'Check who may read it.',
    });
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}
