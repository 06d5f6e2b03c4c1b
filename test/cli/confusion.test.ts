import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendOptions } from '../../cli/context.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { give } from '../support/transfers.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree, writeSkill } from './files.ts';
import { newSession, type Session } from './terminal-session.ts';

const PUBLIC = 'https://public.example';
const OURS = 'https://hub.acme.example';

let ourKey: string;
let everybody: World;
let ours: World;
let maker: Awaited<ReturnType<typeof newNamespace>>;
/** Whoever took our namespace at the public registry. */
let thief: Awaited<ReturnType<typeof newNamespace>>;
let sent: string[];
/** What was sent as Authorization, by registry. */
let keys: Record<string, Set<string | undefined>>;
let isDown: boolean;

beforeAll(async () => {
  everybody = await createWorld();
  ours = await createWorld();
  ({ key: ourKey } = await newNamespace(ours, 'acme'));
  await publish(ours, ourKey, { name: 'report', version: '1.0.0' });
  await publish(ours, ourKey, { name: 'report', version: '1.1.0', files: { 'skill.yaml': needs('@other/lib@^1') } });
  thief = await newNamespace(everybody, 'acme');
  await publish(everybody, thief.key, { name: 'report', version: '99.0.0' });
  await publish(everybody, thief.key, { name: 'stolen', version: '99.0.0' });
  maker = await newNamespace(everybody, 'other');
  await publish(everybody, maker.key, { name: 'lib', version: '1.0.0' });
  await publish(everybody, maker.key, { name: 'suite', files: { 'skill.yaml': needs('@acme/report@*') } });
  await publish(everybody, maker.key, { name: 'given', version: '1.0.0' });
  await publish(everybody, maker.key, { name: 'trap', files: { 'skill.yaml': needs('@other/given@^1') } });
  await give(everybody, maker.headers, thief.headers, 'given?ownerHandle=other', 'acme');
});

beforeEach(() => {
  sent = [];
  keys = { [OURS]: new Set(), [PUBLIC]: new Set() };
  isDown = false;
});

const needs = (...refs: string[]) => `dependencies:\n${refs.map((ref) => `  - "${ref}"\n`).join('')}`;

/** A command line between the two registries, to which `@acme` belongs as the configuration or the project says. */
async function between(says: 'user' | 'project', env: Record<string, string> = {}): Promise<Session> {
  const fetch = async (url: string, { method, headers, body, duplex }: SendOptions) => {
    sent.push(url);
    keys[new URL(url).origin]?.add(headers.authorization);
    if (isDown && url.startsWith(OURS))
      throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') });
    const world = url.startsWith(OURS) ? ours : everybody;
    const init = { method, headers, body, duplex };
    return world.fetch(new Request(url, init));
  };
  const onSleep = async () => void (await ours.drain());
  const session = await newSession({ fetch, onSleep, env: { SKILLS_REGISTRY: PUBLIC, ...env } });
  if (says === 'project') {
    await writeFile(join(session.cwd, 'skills.json'), JSON.stringify({ registries: { '@acme': OURS } }));
  } else {
    await addToConfig(session, { namespaces: { '@acme': OURS } });
  }
  return session;
}

async function addToConfig({ home }: Session, settings: object): Promise<void> {
  const path = join(home, '.skills/config.json');
  await mkdir(join(home, '.skills'), { recursive: true });
  const before = await readFile(path, 'utf8').catch(() => '{}');
  await writeFile(path, JSON.stringify({ ...JSON.parse(before), ...settings }));
}

const locked = async ({ cwd }: Session) => {
  const { skills } = JSON.parse(await readFile(join(cwd, 'skills.lock'), 'utf8'));
  return Object.entries<{ version: string; registry: string }>(skills).map(
    ([name, { version, registry }]) => `${name}@${version} of ${registry}`,
  );
};

const strayed = () =>
  sent.filter((url) => url.startsWith(PUBLIC) && /acme|report|stolen/.test(url.slice(PUBLIC.length)));

describe.each(['user', 'project'] as const)('a namespace that belongs to a registry, as the %s says', (says) => {
  it('is asked there and nowhere else, and what it needs where that belongs', async () => {
    const session = await between(says);
    expect((await session.run('install', '@acme/report')).code).toBe(0);
    expect(await locked(session)).toEqual([`@acme/report@1.1.0 of ${OURS}`, `@other/lib@1.0.0 of ${PUBLIC}`]);
    expect(strayed()).toEqual([]);
    expect(sent.filter((url) => url.startsWith(OURS) && url.includes('other'))).toEqual([]);
  });

  it('is asked there for what a skill of another registry needs', async () => {
    const session = await between(says);
    expect((await session.run('install', '@other/suite')).code).toBe(0);
    expect(await locked(session)).toEqual([
      `@acme/report@1.1.0 of ${OURS}`,
      `@other/lib@1.0.0 of ${PUBLIC}`,
      `@other/suite@1.0.0 of ${PUBLIC}`,
    ]);
    expect(strayed()).toEqual([]);
  });

  it('is not there when its registry is down', async () => {
    isDown = true;
    const session = await between(says);
    for (const ref of ['@acme/report', '@other/suite']) {
      expect(await session.json('install', ref)).toMatchObject({
        code: 1,
        document: {
          error: {
            code: 'network',
            message: `The registry ${OURS} cannot be reached: getaddrinfo ENOTFOUND.`,
          },
        },
      });
    }
    expect(strayed()).toEqual([]);
    expect(await tree(join(session.cwd, '.agents'))).toEqual([]);
  });

  it('has no skills but those that its registry has', async () => {
    const session = await between(says);
    expect(await session.json('install', '@acme/stolen')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_found' } },
    });
    expect(await session.json('info', '@acme/stolen')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_found' } },
    });
    expect(strayed()).toEqual([]);
  });

  it('is not found by a bare name at another registry', async () => {
    const session = await between(says);
    for (const command of ['info', 'use']) {
      expect(await session.json(command, 'stolen')).toMatchObject({
        code: 1,
        document: { error: { code: 'registry_conflict' } },
      });
    }
    expect(await session.json('install', 'stolen')).toMatchObject({
      code: 1,
      document: {
        error: {
          code: 'registry_conflict',
          message: `${PUBLIC} has @acme/stolen, but @acme belongs to another registry.`,
          fix: 'Name it in full: skills install @acme/stolen',
        },
      },
    });
    expect(await tree(join(session.cwd, '.agents'))).toEqual([]);
  });

  it('is not asked elsewhere because --registry says so', async () => {
    const session = await between(says);
    const place = says === 'user' ? join(session.home, '.skills/config.json') : join(session.cwd, 'skills.json');
    for (const command of ['install', 'info']) {
      expect(await session.json(command, '@acme/report', '--registry', PUBLIC)).toMatchObject({
        code: 2,
        document: {
          error: {
            code: 'registry_conflict',
            message: `@acme belongs to ${OURS}, as ${place} says, and --registry names ${PUBLIC}.`,
            fix: 'Leave --registry out, or take @acme away from that registry first.',
          },
        },
      });
    }
    expect(sent).toEqual([]);
    expect((await session.run('install', '@other/suite', '--registry', PUBLIC)).code).toBe(0);
    expect(await locked(session)).toContain(`@acme/report@1.1.0 of ${OURS}`);
    expect(strayed()).toEqual([]);
  });

  it('is not entered by a skill of another registry that was given to a thief', async () => {
    const session = await between(says);
    for (const argv of [
      ['install', '@other/given'],
      ['install', '@other/trap'],
      ['use', '@other/given'],
      ['info', '@other/given'],
      ['info', '@other/given', '--file', 'SKILL.md'],
    ]) {
      expect(await session.json(...argv)).toMatchObject({
        code: 1,
        document: {
          error: {
            code: 'registry_conflict',
            message: `${PUBLIC} calls @other/given @acme/given now, but @acme belongs to ${OURS}.`,
          },
        },
      });
    }
    expect(await tree(join(session.cwd, '.agents'))).toEqual([]);
  });

  it('gets its own key and no other', async () => {
    const session = await between(says, { SKILLS_TOKEN: maker.key });
    await addToConfig(session, { registries: { [OURS]: { token: ourKey, namespace: 'acme' } } });
    expect((await session.run('install', '@acme/report')).code).toBe(0);
    expect(keys).toEqual({ [OURS]: new Set([`Bearer ${ourKey}`]), [PUBLIC]: new Set([`Bearer ${maker.key}`]) });
  });

  it('is published there and nowhere else', async () => {
    const session = await between(says, { SKILLS_TOKEN: maker.key });
    await addToConfig(session, { registries: { [OURS]: { token: ourKey, namespace: 'acme' } } });
    const name = `secret-${says}`;
    await writeSkill(join(session.cwd, name), { name });
    const published = await session.json('publish', name, '--namespace', 'acme');
    expect(published).toMatchObject({ code: 0, document: { ref: `@acme/${name}@1.0.0`, registry: OURS } });
    expect(sent.filter((url) => url.startsWith(PUBLIC))).toEqual([]);
  });
});

describe('a login', () => {
  const login = (session: Session, ...more: string[]) => session.json('login', 'acme', '--token', ourKey, ...more);

  it('does not take a key to a registry that only the project names', async () => {
    const session = await between('project');
    expect(await login(session)).toMatchObject({
      code: 2,
      document: {
        error: {
          code: 'registry_conflict',
          fix: `Name the registry that you mean: --registry ${OURS} or --registry ${PUBLIC}`,
        },
      },
    });
    expect(sent).toEqual([]);
    expect(await login(session, '--registry', OURS)).toMatchObject({ code: 0, document: { registry: OURS } });
  });

  it('is at the registry that the user gave the namespace to', async () => {
    const session = await between('user');
    expect(await login(session)).toMatchObject({ code: 0, document: { registry: OURS } });
    expect(keys).toEqual({ [OURS]: new Set([`Bearer ${ourKey}`]), [PUBLIC]: new Set() });
  });
});

describe('a namespace that nobody has given to a registry', () => {
  /** Both registries have `@acme/<name>`, and a skill that anybody may install needs it. */
  async function withExtra(name: string): Promise<Session> {
    await publish(ours, ourKey, { name, version: '1.0.0' });
    await publish(everybody, thief.key, { name, version: '99.0.0' });
    await publish(everybody, maker.key, { name: `for-${name}`, files: { 'skill.yaml': needs(`@acme/${name}@*`) } });
    const session = await between('user');
    await addToConfig(session, { namespaces: {} });
    await addToConfig(session, { registries: { [OURS]: { token: ourKey, namespace: 'acme' } } });
    expect((await session.run('install', '@acme/report@1.0.0', '--registry', OURS)).code).toBe(0);
    return session;
  }

  it('is asked where its installed skills came from, for what another skill needs of it', async () => {
    const session = await withExtra('extra');
    sent = [];
    expect(await session.run('install', '@other/for-extra')).toMatchObject({ code: 0 });
    expect(await locked(session)).toContain(`@acme/extra@1.0.0 of ${OURS}`);
    expect(sent.filter((url) => url.startsWith(PUBLIC) && url.includes('acme'))).toEqual([]);
  });

  it('is not guessed at when these came from two', async () => {
    const session = await withExtra('more');
    expect((await session.run('install', '@acme/stolen')).code).toBe(0);
    const before = await locked(session);
    expect(await session.json('install', '@other/for-more')).toMatchObject({
      code: 1,
      document: {
        error: {
          code: 'registry_conflict',
          message: `Skills of @acme are installed from ${OURS} and ${PUBLIC}: another one of it may be of either.`,
          fix: 'Say where it belongs: skills registry add <address> --namespace @acme',
        },
      },
    });
    expect(await locked(session)).toEqual(before);
  });
});
