import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeyHolder, newNamespace, publish } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';
import { tree, writeFiles } from './files.ts';
import { type TamperedSession, tamperedSession } from './tampered-session.ts';

/** The file of the skill among `files()`. */
export const SKILL = 'pdf-tools/SKILL.md';

/** A command line in an empty project; @acme/pdf-tools has the versions 1.0.0 and 1.1.0. */
export interface ProjectSession extends TamperedSession {
  acme: KeyHolder;
  read(path: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** What is installed, without the notes of the program. */
  files(): Promise<string[]>;
}

export async function projectSession(): Promise<ProjectSession> {
  const world = await createWorld();
  const acme = await newNamespace(world, 'acme');
  for (const version of ['1.0.0', '1.1.0']) await publish(world, acme.key, { version });
  const session = await tamperedSession(world);
  return Object.assign(session, {
    acme,
    read: (path: string) => readFile(join(session.cwd, path), 'utf8'),
    write: (path: string, text: string) => writeFiles(session.cwd, { [path]: text }),
    files: async () => (await tree(join(session.cwd, '.agents/skills'))).filter((path) => !path.startsWith('.')),
  });
}
