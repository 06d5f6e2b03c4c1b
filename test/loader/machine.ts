import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LoadedSkills, type LoadOptions, loadSkills } from '../../cli/loader/index.ts';
import { writeFiles } from '../cli/files.ts';

export interface Machine {
  home: string;
  project: string;
  /** A folder in the project's skills, not made yet. */
  bad: string;
  load(options?: LoadOptions): Promise<LoadedSkills>;
}

/** A home and a project that go away with the test. */
export async function newMachine(): Promise<Machine> {
  const base = await mkdtemp(join(tmpdir(), 'skills-loader-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const home = join(base, 'home');
  const project = join(base, 'project');
  await writeFiles(base, { 'home/x': '', 'project/x': '' });
  const load = (options: LoadOptions = {}) =>
    loadSkills({ cwd: project, home, skillsHome: join(home, '.skills'), ...options });
  return { home, project, bad: join(project, '.agents/skills/bad'), load };
}

/** A SKILL.md with a body that names the skill. */
export function skillMd(name: string, more = ''): string {
  return `---\nname: ${name}\ndescription: What ${name} does, for tests.\n${more === '' ? '' : `${more}\n`}---\n\n# ${name}\n`;
}
