import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { type HubSession, hubSession } from './hub.ts';

let world: World;
let acme: { key: string; headers: { authorization: string } };
let verdict: string | null;
let session: HubSession;

beforeEach(async () => {
  world = await createWorld();
  acme = await newNamespace(world);
  await publish(world, acme.key, { version: '1.0.0' });
  verdict = 'suspicious';
  session = await hubSession({
    world,
    tamper: async (path, response) => {
      if (!response.ok || !/^\/v1\/packages\/acme\/pdf-tools\/\d[^/]*$|\/latest$/.test(path)) return response;
      return Response.json({ ...(await response.json<object>()), verdict });
    },
  });
});

const warning = (version: string, what = 'suspicious') =>
  `warning: the registry calls @acme/pdf-tools@${version} ${what}; see why: skills info @acme/pdf-tools@${version}\n`;
/** How a command ended, and what it warned of. */
async function warnings(...args: string[]): Promise<[number, string]> {
  const { code, stderr } = await session.run(...args);
  return [code, stderr.replace(/^note: trusting the key .*\n/m, '')];
}
const yank = (version: string) => postJson(world, `/v1/packages/acme/pdf-tools/${version}/yank`, {}, acme.headers);

describe('a skill that the registry doubts', () => {
  it('is installed, restored and updated with a warning, once each', async () => {
    expect(await warnings('install', '@acme/pdf-tools')).toEqual([0, warning('1.0.0')]);
    for (const place of [join(session.cwd, '.agents'), join(session.home, '.skills/.cache')])
      await rm(place, { recursive: true });
    expect(await warnings('ci')).toEqual([0, warning('1.0.0')]);
    verdict = 'malicious';
    await publish(world, acme.key, { version: '1.1.0' });
    expect(await warnings('update')).toEqual([0, warning('1.1.0', 'malicious')]);
  });

  it('is told of also where it comes from the cache', async () => {
    await session.run('install', '@acme/pdf-tools@1.0.0');
    await rm(join(session.cwd, '.agents'), { recursive: true });
    session.sent.length = 0;
    expect(await session.run('ci', '--offline')).toMatchObject({ code: 0, stderr: warning('1.0.0') });
    expect(session.sent).toEqual([]);
  });

  it.each(['clean', null])('is none with the verdict %s', async (other) => {
    verdict = other;
    expect(await warnings('install', '@acme/pdf-tools')).toEqual([0, '']);
  });
});

describe('a skill whose versions were all yanked', () => {
  const fix = /It was there before: .*yanked.* Ask whoever publishes as @acme\.$/;

  it('is not taken for a spelling mistake by whoever has it', async () => {
    verdict = 'clean';
    await session.run('install', '@acme/pdf-tools');
    expect((await yank('1.0.0')).status).toBe(200);
    for (const command of ['install', 'info']) {
      expect(await session.json(command, '@acme/pdf-tools')).toMatchObject({
        code: 1,
        document: { error: { code: 'not_found', fix: expect.stringMatching(fix) } },
      });
    }
  });

  it('is one for whoever has never seen it', async () => {
    expect(await session.json('install', '@acme/pdf-tolls')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_found', fix: expect.stringMatching(/^Check the spelling/) } },
    });
  });
});
