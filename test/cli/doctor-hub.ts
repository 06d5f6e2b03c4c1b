import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { publish, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';
import { type HubSession, hubSession } from './hub.ts';

export const REGISTRY = 'https://hub.test';

type Options = Parameters<typeof hubSession>[0];

interface Report {
  healthy: boolean;
  checks: { subject: string; status: string; message: string; fix?: string }[];
}

/** A hub where @acme/pdf-tools@1.0.0 is published, and the key of acme. */
export interface DoctorHub {
  world: World;
  key: string;
  session(options?: Options): Promise<HubSession>;
  /** A session with a project that has the skill, and a Claude Code that sees it. */
  installed(options?: Options): Promise<HubSession>;
}

export async function doctorHub(): Promise<DoctorHub> {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const session = ({ env, ...options }: Options = {}) =>
    hubSession({ world, ...options, env: { SKILLS_REGISTRY: REGISTRY, ...env } });
  const installed = async (options: Options = {}) => {
    const working = await session(options);
    await mkdir(join(working.cwd, '.claude'));
    expect((await working.run('install', '@acme/pdf-tools')).code).toBe(0);
    return working;
  };
  return { world, key, session, installed };
}

/** What `skills doctor` says, and what of it is not well. */
export async function doctor(session: HubSession, ...argv: string[]) {
  const { code, document } = await session.json('doctor', ...argv);
  const { healthy, checks } = document as Report;
  const bad = checks.filter(({ status }) => status !== 'ok');
  return { code, healthy, checks, bad };
}

/** Writes into the user's configuration, beside what is there, and answers with its path. */
export async function configure({ home }: HubSession, config: object, mode = 0o600): Promise<string> {
  const path = join(home, '.skills/config.json');
  await mkdir(join(home, '.skills'), { recursive: true, mode: 0o700 });
  const before = JSON.parse(await readFile(path, 'utf8').catch(() => '{}'));
  await writeFile(path, JSON.stringify({ ...before, ...config }));
  await chmod(path, mode);
  return path;
}
