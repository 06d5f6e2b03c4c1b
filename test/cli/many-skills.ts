import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { githubToken } from '../support/credentials.ts';
import { writeSkill } from './files.ts';
import { newSession, type Session } from './terminal-session.ts';

/** A folder with a good skill, one with a secret in line 3, one that breaks a rule, and what is no skill of it. */
export async function manySkills(): Promise<Session> {
  const session = await newSession();
  const at = (path: string) => join(session.cwd, 'skills', path);
  await writeSkill(at('csv-tools'), { name: 'csv-tools' });
  await writeSkill(at('docs/pdf-tools'), { files: { 'scripts/a.py': `import os\n\nkey = "${githubToken()}"\n` } });
  await writeSkill(at('git-notes'), { name: 'git-notes', description: 'Too short.' });
  await writeSkill(at('csv-tools/examples/inner'), { name: 'inner', description: 'Too short.' });
  await writeSkill(at('node_modules/dependency'), { description: 'Too short.' });
  await writeSkill(at('.agents/skills/installed'), { description: 'Too short.' });
  await symlink(at('git-notes'), at('linked'));
  return session;
}
