import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { checkNeeds, choose } from './choose.ts';
import type { loadSkills as declared, LoadOptions, LoadWarning, Skill } from './public.ts';
import { readSkill } from './read-skill.ts';
import type { Warn } from './records.ts';
import { codeOf } from './skill-files.ts';
import { type Candidate, findProject, listFolder, listGlobal, listProject } from './stores.ts';

export type * from './public.ts';
export { SkillFileError } from './skill-files.ts';

/** How many skills are read at a time, so that thousands of them do not run out of file handles. */
const AT_A_TIME = 16;

export const loadSkills: typeof declared = async (options = {}) => {
  const warnings: LoadWarning[] = [];
  const warn: Warn = (warning) => void warnings.push(warning);
  const found: Skill[] = [];
  const candidates = await findCandidates(options, warn);
  for (let at = 0; at < candidates.length; at += AT_A_TIME) {
    const some = candidates.slice(at, at + AT_A_TIME);
    const read = await Promise.all(some.map((candidate) => readSkill(candidate, options.verify ?? false, warn)));
    found.push(...read.filter((skill) => skill !== undefined));
  }
  const { skills, shadowed } = choose(found);
  checkNeeds(skills, warn);
  for (const warning of warnings) options.onWarning?.(warning);
  return { skills, warnings, shadowed, get: (name) => skills.find((skill) => skill.name === name) };
};

async function findCandidates(options: LoadOptions, warn: Warn): Promise<Candidate[]> {
  const { folders = [], scopes = ['project', 'global'] } = options;
  const cwd = settled('the working directory', () => resolve(options.cwd ?? '.'), warn);
  const home = settled('the home directory', () => options.home ?? homedir(), warn);
  const skillsHome = options.skillsHome ?? (process.env.SKILLS_HOME || (home && join(home, '.skills')));
  const given = cwd ? folders.map((folder) => listFolder(resolve(cwd, folder), 'folder', new Map(), warn)) : [];
  const project = cwd && scopes.includes('project') ? listProject(await findProject(cwd), warn) : [];
  const global = scopes.includes('global') ? listGlobal(home, skillsHome, warn) : [];
  return distinct((await Promise.all([...given, project, global])).flat());
}

/** A process may have neither: its working directory removed, its user without an entry. */
function settled(what: string, find: () => string, warn: Warn): string | undefined {
  try {
    return find();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const message = `${what} is not known (${code}).`;
    warn({ code: 'unreadable', path: '', message, fix: 'Give it to loadSkills: cwd, home.' });
    return undefined;
  }
}

/** A folder that is reached by several ways is one skill, with the record that any of them has. */
async function distinct(candidates: readonly Candidate[]): Promise<Candidate[]> {
  const byPlace = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const place = await realpath(candidate.path).catch(() => candidate.path);
    const { record = candidate.record, ...first } = byPlace.get(place) ?? candidate;
    byPlace.set(place, { ...first, ...(record ? { record } : {}) });
  }
  return [...byPlace.values()];
}
