import { describe, expect, it } from 'vitest';
import { bearer, furtherKey, newNamespace, postJson } from '../../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../../support/world.ts';
import { hubSession, REGISTRY } from '../hub.ts';

const KEY = /^skh_[0-9a-f]{64}$/;

async function owner() {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  return { world, key, headers, session: await hubSession({ world, env: { SKILLS_TOKEN: key } }) };
}

const whoami = async (world: World, key: string) => (await world.fetch('/v1/whoami', { headers: bearer(key) })).json();

describe('skills token create', () => {
  it('prints the key alone on stdout, and what it is on stderr', async () => {
    const { world, session } = await owner();
    const args = ['--scope', 'publish', '--expires', '30d', '--label', 'release'];
    const { code, stdout, stderr } = await session.run('token', 'create', ...args);
    expect(code).toBe(0);
    const key = stdout.trim();
    expect(stdout).toBe(`${key}\n`);
    expect(key).toMatch(KEY);
    expect(stderr).toMatch(
      /^note: it is shown this once\. It may publish for acme until 2026-01-31T00:00:00\.000Z\.\nnote: revoke it with `skills token revoke \w{26}`\.\n$/,
    );
    expect(stderr).not.toContain(key);
    expect(await whoami(world, key)).toEqual({
      kind: 'key',
      namespace: 'acme',
      scopes: ['publish'],
      expires_at: '2026-01-31T00:00:00.000Z',
    });
  });

  it('makes one that reads and publishes until it is revoked, unless told otherwise', async () => {
    const { world, session } = await owner();
    const { code, document, stderr } = await session.json('token', 'create');
    expect([code, stderr]).toEqual([0, '']);
    expect(document).toEqual({
      registry: REGISTRY,
      id: expect.stringMatching(/^\w{26}$/),
      api_key: expect.stringMatching(KEY),
      namespace: 'acme',
      label: 'cli',
      scopes: ['read', 'publish'],
      expires_at: null,
    });
    const { api_key } = document as { api_key: string };
    expect(await whoami(world, api_key)).toEqual({ kind: 'key', namespace: 'acme', scopes: ['read', 'publish'] });
  });

  it('takes several scopes, in one option or in several', async () => {
    const { session } = await owner();
    for (const args of [
      ['--scope', 'read,admin'],
      ['--scope', 'read', '--scope', 'admin'],
    ]) {
      expect((await session.json('token', 'create', ...args)).document).toMatchObject({ scopes: ['read', 'admin'] });
    }
  });

  it('makes one for a namespace that its own one made, and for any when it is an operator', async () => {
    const { world, headers, session } = await owner();
    await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, headers);
    expect((await session.json('token', 'create', '--namespace', 'acme-labs')).document).toMatchObject({
      namespace: 'acme-labs',
    });
    const operator = await hubSession({ world, env: { SKILLS_TOKEN: OPERATOR_KEY } });
    expect(await operator.json('token', 'create')).toMatchObject({
      code: 1,
      document: { error: { code: 'invalid_request', message: 'An operator has to name a namespace.' } },
    });
    expect((await operator.json('token', 'create', '--namespace', 'acme')).code).toBe(0);
  });

  it.each([
    [['--scope', 'root'], "There is no scope 'root'.", 'Use read, publish, admin.'],
    [['--scope', 'read,'], "There is no scope ''.", 'Use read, publish, admin.'],
    [['--expires', '30'], "--expires '30' is no time span.", '12h, 30d, 1y'],
    [['--expires', '0d'], "--expires '0d' is no time span.", '12h, 30d, 1y'],
    [['--expires', '1.5d'], "--expires '1.5d' is no time span.", '12h, 30d, 1y'],
    [['--expires', '11y'], '--expires 11y is more than ten years.', '12h, 30d, 1y'],
    [['--label', ''], 'A label has 1 to 64 characters.', 'Give a short --label'],
    [['--label', 'x'.repeat(65)], 'A label has 1 to 64 characters.', 'Give a short --label'],
    [['more'], 'Extraneous positional argument ("more").', 'skills token create --help'],
  ])('%j is wrong usage', async (args, message, fix) => {
    const { session } = await owner();
    expect(await session.json('token', 'create', ...args)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message, fix: expect.stringContaining(fix) } },
    });
    expect(session.sent).toEqual([]);
  });

  it('needs admin, and a key', async () => {
    const { world, key } = await owner();
    const { key: weak } = await furtherKey(world, key, ['publish']);
    const session = await hubSession({ world, env: { SKILLS_TOKEN: weak } });
    expect(await session.json('token', 'create')).toMatchObject({
      code: 4,
      document: { error: { code: 'forbidden', message: "Your key lacks the scope 'admin'." } },
    });
    const nobody = await hubSession({ world });
    expect(await nobody.json('token', 'create')).toMatchObject({
      code: 4,
      document: { error: { code: 'unauthorized' } },
    });
  });
});

describe('skills token list', () => {
  it('shows all keys without their secrets, and which have expired', async () => {
    const { world, key, session } = await owner();
    const { stdout: made } = await session.run('token', 'create', '--expires', '1d', '--label', 'old');
    world.advance(1_000);
    await session.run('token', 'create', '--expires', '400d', '--label', 'ci', '--scope', 'read');
    world.advance(2 * 86_400_000);
    const later = await hubSession({ world, startsAt: world.clock.now(), env: { SKILLS_TOKEN: key } });
    const { code, stdout } = await later.run('token', 'list');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.find((line) => line.includes('first key'))).toMatch(
      /^\w{26} {2}skh_\w{4}… {2}first key {2}read,publish,admin {2}used \S+$/,
    );
    expect(lines.find((line) => line.includes(' old '))).toMatch(/never used {10,}expired 2026-01-02T00:00:00\.000Z$/);
    expect(lines.find((line) => line.includes(' ci '))).toMatch(
      / read {2,}never used +expires 2027-02-05T00:00:01\.000Z$/,
    );
    expect(stdout).not.toContain(made.trim().slice(8));
    const { document } = await later.json('token', 'list');
    expect(document).toMatchObject({ registry: REGISTRY });
    const { keys } = document as { keys: { label: string; expires_at: string | null }[] };
    expect(Object.fromEntries(keys.map(({ label, expires_at }) => [label, expires_at]))).toEqual({
      'first key': null,
      old: '2026-01-02T00:00:00.000Z',
      ci: '2027-02-05T00:00:01.000Z',
    });
  });

  it('ends with 4 for another namespace', async () => {
    const { world, session } = await owner();
    await newNamespace(world, 'umbrella');
    expect(await session.json('token', 'list', '--namespace', 'umbrella')).toMatchObject({
      code: 4,
      document: { error: { code: 'forbidden' } },
    });
  });
});

describe('skills token revoke', () => {
  it('ends a key for good, once', async () => {
    const { world, key, session } = await owner();
    const ci = await furtherKey(world, key, ['read']);
    expect(await session.run('token', 'revoke', ci.id)).toEqual({
      code: 0,
      stdout: `Revoked the key ${ci.id}.\n`,
      stderr: '',
    });
    expect((await world.fetch('/v1/whoami', { headers: ci.headers })).status).toBe(401);
    expect(await session.json('token', 'revoke', ci.id)).toMatchObject({
      code: 1,
      document: { error: { code: 'not_found', message: 'There is no such key.' } },
    });
  });

  it('answers with JSON, and keeps strange ids in their place', async () => {
    const { world, key, session } = await owner();
    const { id } = await furtherKey(world, key, ['read']);
    expect(await session.json('token', 'revoke', id)).toEqual({
      code: 0,
      document: { registry: REGISTRY, id, revoked: true },
      stderr: '',
    });
    await session.run('token', 'revoke', '../whoami?x');
    expect(session.sent.at(-1)).toMatchObject({ method: 'DELETE', url: `${REGISTRY}/v1/keys/..%2Fwhoami%3Fx` });
  });

  it.each([[[]], [['a', 'b']]])('with %j is wrong usage', async (ids) => {
    const { session } = await owner();
    expect(await session.json('token', 'revoke', ...ids)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', fix: 'See how it is used: skills token revoke --help' } },
    });
  });
});

describe('an expired key', () => {
  it('ends every command with 4, and says where it is from', async () => {
    const { world, session } = await owner();
    const { stdout } = await session.run('token', 'create', '--expires', '1m');
    world.advance(60_000);
    const late = await hubSession({ world, env: { SKILLS_TOKEN: stdout.trim() } });
    expect(await late.json('whoami')).toEqual({
      code: 4,
      document: {
        error: {
          code: 'key_expired',
          message: 'This API key expired at 2026-01-01T00:01:00.000Z. It is the key in SKILLS_TOKEN.',
          fix: 'Unset SKILLS_TOKEN, or put a valid key into it.',
        },
      },
      stderr: '',
    });
  });

  it('is not kept by login', async () => {
    const { world, session } = await owner();
    const { stdout } = await session.run('token', 'create', '--expires', '1m');
    world.advance(60_000);
    const late = await hubSession({ world });
    expect(await late.json('login', '--token', stdout.trim())).toMatchObject({
      code: 4,
      document: { error: { code: 'key_expired', fix: 'Run `skills login` for a new one.' } },
    });
  });
});

describe('skills whoami', () => {
  it('says what the key may, where, and until when', async () => {
    const { world, headers, session } = await owner();
    await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, headers);
    const { stdout } = await session.run('token', 'create', '--expires', '1d', '--scope', 'read');
    const brief = await hubSession({ world, env: { SKILLS_TOKEN: stdout.trim() } });
    expect(await brief.run('whoami')).toEqual({
      code: 0,
      stdout: `acme on ${REGISTRY} (read)\nalso counts in acme-labs\nexpires 2026-01-02T00:00:00.000Z\n`,
      stderr: '',
    });
    expect((await brief.json('whoami')).document).toEqual({
      registry: REGISTRY,
      kind: 'key',
      namespace: 'acme',
      scopes: ['read'],
      publishers: ['acme-labs'],
      expires_at: '2026-01-02T00:00:00.000Z',
    });
  });
});
