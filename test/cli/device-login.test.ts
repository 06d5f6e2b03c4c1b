import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { press } from '../support/browser.ts';
import { approve, type Begun, toCodePage, worldWithAcme } from '../support/sign-in.ts';
import { newNamespace } from '../support/skills.ts';
import type { World } from '../support/world.ts';
import { hubSession, REGISTRY, type Tamper } from './hub.ts';

const PAGE = 'http://hub.test/cli/device?user_code=';

/** What the person sees in the browser, once the program has begun. */
async function begunIn(world: World): Promise<Begun> {
  const { rows } = await world.client.execute('SELECT user_code FROM device_logins');
  const code = String(rows[0]?.user_code);
  const shown = `${code.slice(0, 4)}-${code.slice(4)}`;
  const times = { expires_in: 900, interval: 5 };
  return { device_code: '', user_code: shown, verification_uri: `${PAGE}${shown}`, ...times };
}

/** A command line that waits while a person acts; `act` is told how often it slept. */
async function waiting(act: (world: World, sleeps: number) => Promise<unknown>, options: { tamper?: Tamper } = {}) {
  const world = await worldWithAcme();
  let sleeps = 0;
  const onSleep = async () => {
    world.advance(5_000);
    await act(world, ++sleeps);
  };
  return { ...(await hubSession({ world, onSleep, ...options })), world };
}

const config = async (home: string) => JSON.parse(await readFile(join(home, '.skills/config.json'), 'utf8'));

describe('skills login --device', () => {
  it('shows a page and a code, waits for the approval, and keeps the key', async () => {
    const session = await waiting(async (world, sleeps) => sleeps === 3 && approve(world, await begunIn(world)));
    const { code, stdout, stderr } = await session.run('login', '--device');
    const { user_code } = await begunIn(session.world);
    expect(stderr).toContain(
      `Open ${PAGE}${user_code}\nand approve the login there if it shows the code ${user_code}. Waiting for up to 15 minutes.\n`,
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Logged in as acme on ${REGISTRY}; the key is in `)]);
    expect(session.slept).toEqual([5_000, 5_000, 5_000]);
    const { token } = (await config(session.home)).registries[REGISTRY];
    expect(token).toMatch(/^skh_[0-9a-f]{64}$/);
    expect(stdout + stderr).not.toContain(token);
    expect((await session.run('whoami')).stdout).toContain('acme on');
    const { rows } = await session.world.client.execute("SELECT label FROM api_keys WHERE label <> 'first key'");
    expect(rows).toEqual([{ label: `${hostname().slice(0, 64)} (skills)` }]);
  });

  it('tells programs the result alone', async () => {
    const session = await waiting(async (world, sleeps) => sleeps === 1 && approve(world, await begunIn(world)));
    expect(await session.json('login', 'other', '--device')).toMatchObject({
      code: 0,
      document: { registry: REGISTRY, namespace: 'acme', created: false, default_registry: true },
      stderr: expect.stringContaining('note: the login was approved for acme, not for other.\n'),
    });
  });

  it('ends with 4 when it is denied', async () => {
    const deny = async (world: World) => press(world.fetch, await toCodePage(world, await begunIn(world)), 'Deny');
    const session = await waiting(async (world, sleeps) => sleeps === 2 && deny(world));
    expect(await session.json('login', '--device')).toMatchObject({
      code: 4,
      document: {
        error: { code: 'forbidden', message: 'The login was denied.', fix: 'Start again: skills login --device' },
      },
    });
    await expect(config(session.home)).rejects.toThrow('ENOENT');
  });

  it('ends when nobody decides in time', async () => {
    const session = await waiting(async () => undefined);
    expect(await session.json('login', '--device')).toMatchObject({
      code: 1,
      document: {
        error: {
          code: 'state_conflict',
          message: 'The device code has expired.',
          fix: 'Start again: skills login --device',
        },
      },
    });
    expect(session.slept).toHaveLength(180);
  });

  it('waits longer when the registry asks for it, and over a broken connection', async () => {
    let polls = 0;
    const tamper: Tamper = (path, response) => {
      if (path !== '/v1/auth/device/token') return response;
      polls++;
      if (polls === 1) return Response.json({ status: 'pending', interval: 10 }, { status: 202 });
      if (polls === 2) throw new Error('socket hang up');
      return response;
    };
    const act = async (world: World, sleeps: number) => sleeps === 4 && approve(world, await begunIn(world));
    const session = await waiting(act, { tamper });
    expect((await session.run('login', '--device')).code).toBe(0);
    expect(session.slept).toEqual([5_000, 10_000, 5_000, 5_000]);
  });

  it.each(['--email', '--otp', '--token'])('is not mixed with %s', async (flag) => {
    const session = await hubSession();
    expect(await session.json('login', '--device', flag, 'x')).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message: `--device and ${flag} are two ways to log in.` } },
    });
    expect(session.sent).toEqual([]);
  });

  it('says so when the registry is too old for it', async () => {
    const session = await hubSession({ tamper: () => new Response('nothing', { status: 404 }) });
    expect(await session.json('login', '--device')).toMatchObject({
      code: 1,
      document: { error: { code: 'http_404', message: `The registry ${REGISTRY} answered with HTTP 404.` } },
    });
  });
});

describe('skills login to a namespace that belongs to a registry', () => {
  it('is a login there, and leaves the default alone', async () => {
    const session = await hubSession({ env: { SKILLS_REGISTRY: 'https://public.example' } });
    await newNamespace(session.world, 'acme');
    await mkdir(join(session.home, '.skills'), { recursive: true });
    await writeFile(join(session.home, '.skills/config.json'), JSON.stringify({ namespaces: { '@acme': REGISTRY } }));
    await session.run('login', 'acme', '--email', 'acme@example.com');
    const [code] = /\b\d{6}\b/.exec(session.world.outbox.at(-1)?.text ?? '') ?? [];
    expect((await session.run('login', 'acme', '--otp', String(code))).code).toBe(0);
    expect(session.sent.filter(({ url }) => !url.startsWith(`${REGISTRY}/`))).toEqual([]);
    const { registry, registries } = await config(session.home);
    expect([registry, Object.keys(registries)]).toEqual([undefined, [REGISTRY]]);
  });
});
