import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureKeys } from '../../cli/serve/keys.ts';
import { rsaSigner } from '../../src/adapters/signer-rsa.ts';
import type { RegistryKeysBody } from '../../src/http/v1/schemas.ts';
import { newRegistryKey } from '../support/registry-keys.ts';
import { bearer, newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY } from '../support/world.ts';
import { type HubSession, hubSession, REGISTRY, type Tamper } from './hub.ts';
import { newSession } from './terminal-session.ts';

const first = newRegistryKey();
const second = newRegistryKey();
const third = newRegistryKey();

/** A reader who has installed 1.0.0 under the first key, of a hub that goes on with other keys and publishes 1.1.0. */
async function afterRotation(pem: string, previous: string[], tamper?: Tamper): Promise<HubSession> {
  const world = await createWorld({ deps: { signer: rsaSigner(first.privatePem) } });
  const { key } = await newNamespace(world, 'acme');
  await publish(world, key);
  const session = await hubSession({ world });
  expect((await session.run('install', 'pdf-tools')).code).toBe(0);
  world.deps.signer = rsaSigner(pem, previous);
  await publish(world, key, { version: '1.1.0' });
  return hubSession({ world, cwd: session.cwd, home: session.home, ...(tamper && { tamper }) });
}

const idOf = async (pem: string) => (await rsaSigner(pem).key()).id;

describe('a rotation of the registry key', () => {
  it('is followed, and told, when the kept key signed it', async () => {
    const session = await afterRotation(second.privatePem, [first.privatePem]);
    const { code, stderr } = await session.run('install', 'pdf-tools');
    const [before, after] = [await idOf(first.privatePem), await idOf(second.privatePem)];
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `note: trusting the key ${after} of ${REGISTRY} from now on, which took the place of ${before} and is signed by it.\n`,
    });
    expect(await session.run('verify')).toEqual({ code: 0, stdout: '✓ @acme/pdf-tools@1.1.0\n', stderr: '' });
  });

  it('is followed over several steps', async () => {
    const session = await afterRotation(third.privatePem, [first.privatePem, second.privatePem]);
    expect((await session.run('install', 'pdf-tools')).code).toBe(0);
  });

  it.each([
    ['nobody signed it', [first.publicPem], undefined],
    ['a step is missing', [first.privatePem, second.publicPem], undefined],
    ['its signature is another one', [first.privatePem], withSignature('AAAA')],
  ])('is refused when %s', async (_, previous, tamper) => {
    const session = await afterRotation(third.privatePem, previous, tamper);
    const { code, stderr } = await session.run('install', 'pdf-tools');
    expect([code, stderr]).toEqual([1, expect.stringContaining(`--trust-key ${await idOf(third.privatePem)}`)]);
  });
});

describe('a revoked registry key', () => {
  it('signs nothing that is installed, and verify says so of what was', async () => {
    const session = await afterRotation(second.privatePem, [first.privatePem]);
    const kid = await idOf(first.privatePem);
    const path = `/v1/admin/registry-keys/${kid}/revoke`;
    const headers = bearer(OPERATOR_KEY);
    expect((await postJson(session.world, path, { reason: 'It was stolen.' }, headers)).status).toBe(200);
    const verified = await session.json('verify');
    const message = `@acme/pdf-tools@1.0.0 is signed with the key ${kid}, which ${REGISTRY} has revoked: It was stolen.`;
    expect([verified.code, verified.document]).toMatchObject([
      1,
      { skills: [{ problems: [{ code: 'revoked_key', message }] }] },
    ]);
    const installed = await session.run('install', 'pdf-tools@1.0.0');
    expect([installed.code, installed.stderr]).toEqual([1, expect.stringContaining(message)]);
    const newer = await session.run('install', 'pdf-tools');
    expect([newer.code, newer.stderr]).toEqual([1, expect.stringContaining('--trust-key')]);
    expect((await session.run('install', 'pdf-tools', '--trust-key', await idOf(second.privatePem))).code).toBe(0);
  });

  it('its versions are installed again, and verified, once the registry has signed them anew', async () => {
    const session = await afterRotation(second.privatePem, [first.privatePem]);
    expect((await session.run('install', 'pdf-tools')).code).toBe(0);
    const kid = await idOf(first.privatePem);
    await postJson(session.world, `/v1/admin/registry-keys/${kid}/revoke`, { reason: 'x' }, bearer(OPERATOR_KEY));
    const other = await hubSession({ world: session.world, home: session.home });
    await rm(join(session.home, '.skills/.cache'), { recursive: true });
    const refused = await other.json('install', 'pdf-tools@1.0.0');
    expect([refused.code, refused.document]).toMatchObject([1, { error: { code: 'revoked_key' } }]);
    await session.world.drain();
    expect(await other.run('install', 'pdf-tools@1.0.0')).toMatchObject({ code: 0 });
    expect(await other.run('verify')).toMatchObject({ code: 0, stdout: '✓ @acme/pdf-tools@1.0.0\n' });
  });
});

function withSignature(signature: string): Tamper {
  return async (path, response) => {
    if (path !== '/v1/keys/registry') return response;
    const body = await response.json<RegistryKeysBody>();
    const keys = body.keys.map((key) => ({ ...key, successor: key.successor && { ...key.successor, signature } }));
    return Response.json({ ...body, keys });
  };
}

describe('skills serve --rotate-key', () => {
  it('makes a new key and keeps the old one, for its owner alone', async () => {
    const session = await newSession();
    const keys = join(session.cwd, '.hub/keys');
    await mkdir(keys, { recursive: true });
    await writeFile(join(keys, 'registry.pem'), first.privatePem);
    expect((await session.json('serve', '--rotate-key')).document).toEqual({
      rotated: true,
      data: join(session.cwd, '.hub'),
    });
    const { registryKey, previousRegistryKeys } = await ensureKeys(join(session.cwd, '.hub'));
    expect(previousRegistryKeys).toBe(first.privatePem.trim());
    expect(registryKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(registryKey).not.toBe(previousRegistryKeys);
    expect((await stat(join(keys, 'registry-previous.pem'))).mode & 0o777).toBe(0o600);

    expect((await session.run('serve', '--rotate-key')).code).toBe(0);
    const kept = await readFile(join(keys, 'registry-previous.pem'), 'utf8');
    expect(kept.trim()).toBe(`${first.privatePem.trim()}\n${registryKey}`);
  });

  it('needs a hub', async () => {
    const session = await newSession();
    expect((await session.run('serve', '--rotate-key')).stderr).toContain('There is no registry key in');
  });
});
