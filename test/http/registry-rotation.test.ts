import { verify } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { rsaSigner } from '../../src/adapters/signer-rsa.ts';
import { readConfig } from '../../src/env.ts';
import { successionStatement } from '../../src/format/registry-succession.ts';
import type { PackageBody, RegistryKeysBody } from '../../src/http/v1/schemas.ts';
import { newRegistryKey } from '../support/registry-keys.ts';
import { bearer, getJson, postJson, problemOf, publish, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const first = newRegistryKey();
const second = newRegistryKey();
const third = newRegistryKey();

const shownKeys = (world: World) => getJson<RegistryKeysBody>(world, '/v1/keys/registry');
const bytesOf = async (world: World, path: string) =>
  new Uint8Array(await (await world.fetch(`/v1/download/acme/pdf-tools/${path}`)).arrayBuffer());

async function signerOf(world: World, version: string): Promise<string> {
  const { key_id } = await getJson<PackageBody>(world, `/v1/packages/acme/pdf-tools/${version}`);
  const { keys } = await shownKeys(world);
  const { pem = '' } = keys.find(({ kid }) => kid === key_id) ?? {};
  const signature = await bytesOf(world, `${version}/sig`);
  expect(verify('sha256', await bytesOf(world, version), pem, signature)).toBe(true);
  return key_id;
}

test('after a rotation new versions are signed by the new key, and old signatures stay good', async () => {
  const { world, key } = await worldWithKey({ deps: { signer: rsaSigner(first.privatePem) } });
  await publish(world, key);
  const before = await shownKeys(world);
  expect(before.keys.map(({ successor }) => successor)).toEqual([undefined]);

  world.deps.signer = rsaSigner(second.privatePem, [first.privatePem]);
  await publish(world, key, { version: '1.1.0' });
  const after = await shownKeys(world);
  expect(after.keys.map(({ kid }) => kid)).toEqual([after.current, before.current]);
  expect(await signerOf(world, '1.0.0')).toBe(before.current);
  expect(await signerOf(world, '1.1.0')).toBe(after.current);
});

test('each key but the last says under its signature which came after it', async () => {
  const { world } = await worldWithKey({
    deps: { signer: rsaSigner(third.privatePem, [first.privatePem, second.privatePem]) },
  });
  const { current, keys } = await shownKeys(world);
  const [newest, oldest, middle] = keys;
  expect([newest?.kid, newest?.successor]).toEqual([current, undefined]);
  expect([oldest?.successor?.kid, middle?.successor?.kid]).toEqual([middle?.kid, current]);
  const statement = successionStatement(middle?.kid ?? '', { id: current, pem: newest?.pem ?? '' });
  const signature = Buffer.from(middle?.successor?.signature ?? '', 'base64');
  expect(verify('sha256', statement, second.publicPem, signature)).toBe(true);
  expect(verify('sha256', statement, first.publicPem, signature)).toBe(false);
});

test('a key of which only the public half is left is shown, and vouches for nothing', async () => {
  const { world } = await worldWithKey({ deps: { signer: rsaSigner(second.privatePem, [first.publicPem]) } });
  const { keys } = await shownKeys(world);
  expect(keys[1]?.pem.replace(/\s/g, '')).toBe(first.publicPem.replace(/\s/g, ''));
  expect(keys[1]?.successor).toBeUndefined();
});

test('a rotation that was cut short, with the key in both places, shows it once', async () => {
  const { world } = await worldWithKey({ deps: { signer: rsaSigner(first.privatePem, [first.privatePem]) } });
  expect((await shownKeys(world)).keys).toHaveLength(1);
});

test('earlier keys come from the environment, one PEM after the other', () => {
  const settings = { REGISTRY_KEY: inject('registryKey'), SESSION_KEY: 'ab'.repeat(32) };
  const read = (text: string) => readConfig({ ...settings, REGISTRY_KEYS_PREVIOUS: text }).previousRegistryKeys;
  expect(readConfig(settings).previousRegistryKeys).toEqual([]);
  expect(read(`${first.privatePem}\n${second.publicPem}`)).toEqual([first.privatePem.trim(), second.publicPem.trim()]);
  expect(() => read(`${first.privatePem} and more`)).toThrow('REGISTRY_KEYS_PREVIOUS: RSA keys in PEM');
  expect(() => read('secret')).toThrow(/^(?!.*secret)/);
});

const revoke = (world: World, kid: string, headers = bearer(OPERATOR_KEY)) =>
  postJson(world, `/v1/admin/registry-keys/${kid}/revoke`, { reason: 'It was stolen.' }, headers);

test('an earlier key is revoked by the operator, in the open and once', async () => {
  const { world, key } = await worldWithKey({ deps: { signer: rsaSigner(first.privatePem) } });
  await publish(world, key);
  const { current: old } = await shownKeys(world);
  expect(await problemOf(await revoke(world, old))).toMatchObject({ status: 409, code: 'state_conflict' });
  world.deps.signer = rsaSigner(second.privatePem, [first.privatePem]);
  expect(await (await revoke(world, old)).json()).toEqual({ kid: old, changed: true });
  expect(await (await revoke(world, old)).json()).toEqual({ kid: old, changed: false });
  const shown = (await shownKeys(world)).keys.find(({ kid }) => kid === old);
  expect(shown?.revoked).toEqual({ at: '2026-01-01T00:00:00.000Z', reason: 'It was stolen.' });
  expect(shown?.successor).toBeUndefined();

  const audit = await world.client.execute("SELECT actor, subject FROM audit_events WHERE act = 'registry-key.revoke'");
  expect(audit.rows).toMatchObject([{ actor: 'operator', subject: `registry-key:${old}` }]);
  const leaves = await world.client.execute("SELECT leaf FROM log_leaves WHERE leaf LIKE '%registry-key-revoked%'");
  expect(leaves.rows.map(({ leaf }) => JSON.parse(String(leaf)).key)).toEqual([old]);
});

test('only operators revoke, and only what is there', async () => {
  const { world, headers } = await worldWithKey({ deps: { signer: rsaSigner(second.privatePem, [first.publicPem]) } });
  const old = (await shownKeys(world)).keys[1]?.kid ?? '';
  expect((await postJson(world, `/v1/admin/registry-keys/${old}/revoke`, { reason: 'x' })).status).toBe(401);
  expect((await revoke(world, old, headers)).status).toBe(403);
  expect((await revoke(world, 'nothing')).status).toBe(404);
  expect((await revoke(world, old)).status).toBe(200);
});
