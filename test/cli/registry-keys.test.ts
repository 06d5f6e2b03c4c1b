import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readRegistry, updateRegistry } from '../../cli/home.ts';
import type { RegistryKeysBody } from '../../src/http/v1/schemas.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';
import { tree } from './files.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

let session: HubSession;
/** The id that versions claim to be signed with; undefined for the real one. */
let signedWith: string | undefined;
/** Ids under which the registry shows a key besides the real one. */
let listed: string[];
/** Done once, when an archive is fetched: what another command does at that time. */
let duringInstall: (() => Promise<void>) | undefined;

beforeEach(async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world, 'acme');
  await publish(world, key);
  signedWith = undefined;
  listed = [];
  duringInstall = undefined;
  session = await hubSession({
    world,
    tamper: async (path, response) => {
      if (path === '/v1/keys/registry') return withKeys(await response.json<RegistryKeysBody>());
      if (path.startsWith('/v1/download/')) {
        await duringInstall?.();
        duringInstall = undefined;
      }
      if (path.startsWith('/v1/packages/acme/pdf-tools/') && signedWith !== undefined)
        return Response.json({ ...(await response.json<object>()), key_id: signedWith });
      return response;
    },
  });
});

function withKeys({ keys, ...rest }: RegistryKeysBody): Response {
  return Response.json({ ...rest, keys: keys.flatMap((key) => [key, ...listed.map((kid) => ({ ...key, kid }))]) });
}

async function pinned(): Promise<string[]> {
  const config: { registries: Record<string, { keys?: object }> } = JSON.parse(
    await readFile(join(session.home, '.skills/config.json'), 'utf8'),
  );
  return Object.keys(config.registries[REGISTRY]?.keys ?? {});
}

const changed = {
  code: 'key_changed',
  message: `${REGISTRY} signs @acme/pdf-tools@1.0.0 with the key next, which was not its key before.`,
  fix: 'Ask the operator whether this is meant. If so, add: --trust-key next',
};

describe('the keys of a registry', () => {
  it('are pinned when a signature made with them was found good, and not when they are merely listed', async () => {
    listed = ['next'];
    const { stderr } = await session.run('install', 'pdf-tools');
    const [first, ...others] = await pinned();
    expect([stderr, others]).toEqual([`note: trusting the key ${first} of ${REGISTRY} from now on.\n`, []]);
    expect(first).not.toBe('next');
    expect(await session.run('install', 'pdf-tools')).toMatchObject({ code: 0, stderr: '' });
  });

  it('are kept beside those that another command keeps meanwhile', async () => {
    const context = { env: {}, home: session.home, clock: { now: () => 0, sleep: async () => undefined } };
    duringInstall = () =>
      updateRegistry(context, REGISTRY, {
        keys: { meanwhile: 'pem' },
        publishers: { other: ['AB'] },
        token: 'skh_new',
      });
    expect(await session.run('install', 'pdf-tools')).toMatchObject({ code: 0 });
    expect(await pinned()).toHaveLength(2);
    expect(await readRegistry(context, REGISTRY)).toMatchObject({
      keys: { meanwhile: 'pem' },
      publishers: { other: ['AB'] },
      token: 'skh_new',
    });
  });

  it('may not be joined by another one: install stops, with nothing changed on disk', async () => {
    await session.run('install', 'pdf-tools');
    const before = [await pinned(), await tree(session.cwd)];
    [signedWith, listed] = ['next', ['next']];
    expect(await session.json('install', 'pdf-tools')).toEqual({ code: 1, document: { error: changed }, stderr: '' });
    expect([await pinned(), await tree(session.cwd)]).toEqual(before);
  });

  it('are not put into a command to paste when their id could be one', async () => {
    await session.run('install', 'pdf-tools');
    [signedWith, listed] = ['x; rm -rf .', ['x; rm -rf .']];
    expect((await session.run('install', 'pdf-tools')).stderr).toMatch(/If so, add: --trust-key <its id>\n$/);
  });

  it('may not be joined by another one: verify says so', async () => {
    await session.run('install', 'pdf-tools');
    [signedWith, listed] = ['next', ['next']];
    expect(await session.json('verify')).toMatchObject({
      code: 1,
      document: { ok: false, skills: [{ problems: [changed] }] },
    });
    expect(await pinned()).toHaveLength(1);
  });

  it.each(['install', 'verify'])('are joined by the one that %s --trust-key names', async (command) => {
    await session.run('install', 'pdf-tools');
    [signedWith, listed] = ['next', ['next']];
    const refs = command === 'install' ? ['pdf-tools'] : [];
    expect(await session.run(command, ...refs, '--trust-key', 'other')).toMatchObject({ code: 1 });
    expect(await session.run(command, ...refs, '--trust-key', 'next')).toMatchObject({
      code: 0,
      stderr: `note: trusting the key next of ${REGISTRY} from now on.\n`,
    });
    expect(await pinned()).toEqual([expect.stringMatching(/.+/), 'next']);
    expect(await session.run('verify')).toMatchObject({ code: 0, stderr: '' });
  });

  it('cannot be trusted when the registry does not show them', async () => {
    expect(await session.json('install', 'pdf-tools', '--trust-key', 'ghost')).toMatchObject({
      code: 1,
      document: { error: { code: 'unknown_key', message: `No registry that was asked shows a key 'ghost'.` } },
    });
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('are not asked for while the registry is away', async () => {
    await session.run('install', 'pdf-tools');
    const away = await hubSession({
      world: session.world,
      cwd: session.cwd,
      home: session.home,
      tamper: () => {
        throw new TypeError('fetch failed');
      },
    });
    expect(await away.json('verify', '--trust-key', 'next')).toMatchObject({
      code: 1,
      document: { skills: [{ problems: [{ code: 'network' }] }] },
    });
  });

  it('are pinned by a first verify as well', async () => {
    await session.run('install', 'pdf-tools');
    const elsewhere = await hubSession({ world: session.world, cwd: session.cwd, home: join(session.cwd, 'other') });
    expect((await elsewhere.run('verify')).stderr).toBe(
      `note: trusting the key ${(await pinned())[0]} of ${REGISTRY} from now on.\n`,
    );
    expect((await elsewhere.run('verify')).stderr).toBe('');
  });
});
