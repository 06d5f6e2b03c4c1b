import * as openpgp from 'openpgp';
import { describe, expect, test } from 'vitest';
import { KEY_TIME, PGP_KEYS as KEYS, pgpSigner, register, revoke, worldWithSigner } from '../support/openpgp.ts';
import { furtherKey, getJson, newNamespace, problemOf, worldWithKey } from '../support/skills.ts';

const ada = await pgpSigner();
const eve = await pgpSigner({ userId: 'Eve' });

describe('OpenPGP keys', () => {
  test('a key is registered, and everybody may know it', async () => {
    const { world, headers } = await worldWithKey();
    const answer = await register(world, headers, ada.publicKey);
    expect(answer.status).toBe(201);
    const about = { fingerprint: ada.fingerprint, user_id: 'Ada <ada@example.com>' };
    expect(await answer.json()).toEqual(about);
    const { keys } = await getJson<{ keys: { armored: string }[] }>(world, KEYS);
    expect(keys).toEqual([
      { ...about, armored: expect.any(String), created_at: '2026-01-01T00:00:00.000Z', revoked_at: null },
    ]);
    const read = await openpgp.readKey({ armoredKey: keys[0]?.armored ?? '' });
    expect([read.isPrivate(), read.getFingerprint().toUpperCase()]).toEqual([false, ada.fingerprint]);
    const { rows } = await world.client.execute('SELECT leaf FROM log_leaves');
    expect(rows.map(({ leaf }) => JSON.parse(String(leaf)))).toEqual([
      { v: 1, event: 'publisher-key', namespace: 'acme', key: ada.fingerprint, at: world.clock.now() },
    ]);
  });

  test('registered again it takes the place of what was there, with one entry in the log', async () => {
    const { world, headers } = await worldWithSigner(ada);
    expect((await register(world, headers, ada.publicKey)).status).toBe(201);
    expect((await getJson<{ keys: unknown[] }>(world, KEYS)).keys).toHaveLength(1);
    const { rows } = await world.client.execute('SELECT count(*) AS n FROM log_leaves');
    expect(rows[0]?.n).toBe(1);
  });

  test('a private key is refused and appears nowhere', async () => {
    const { world, headers } = await worldWithKey();
    const secret = ada.privateKey.armor();
    const answer = await register(world, headers, secret);
    expect(await problemOf(answer)).toMatchObject({ status: 400, code: 'invalid_pgp_key' });
    const disguised = secret.replaceAll('PRIVATE KEY BLOCK', 'PUBLIC KEY BLOCK');
    expect(await problemOf(await register(world, headers, disguised))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('is a private key'),
    });
    expect(JSON.stringify(world.logs)).not.toContain(secret.split('\n')[3]);
    expect((await getJson<{ keys: unknown[] }>(world, KEYS)).keys).toEqual([]);
  });

  const weak: [string, () => Promise<string>, string][] = [
    ['no key', async () => 'hello', '0 public key blocks'],
    ['two blocks', async () => ada.publicKey + eve.publicKey, '2 public key blocks'],
    ['two keys in one block', twoInOne, 'holds 2 keys'],
    ['an expired key', async () => (await pgpSigner({ expiresAfter: 1 })).publicKey, 'expired'],
    ['a revoked key', revokedKey, 'revoked'],
    ['a short RSA key', shortKey, 'RSA keys shorter than 2048 bits'],
    ['self-signatures with SHA-1', sha1Key, 'cannot be used for signing'],
    ['a user id that misleads', async () => (await pgpSigner({ userId: 'Ada\u202e' })).publicKey, 'U+202E'],
  ];
  test.each(weak)('%s is refused', async (_, text, reason) => {
    const { world, headers } = await worldWithKey();
    expect(await problemOf(await register(world, headers, await text()))).toMatchObject({
      status: 400,
      code: 'invalid_pgp_key',
      detail: expect.stringContaining(reason),
    });
    expect((await getJson<{ keys: unknown[] }>(world, KEYS)).keys).toEqual([]);
  });

  test('more than 64 KiB are not read', async () => {
    const { world, headers } = await worldWithKey();
    const answer = await register(world, headers, 'x'.repeat(64 * 1024 + 1));
    expect(await problemOf(answer)).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  test('only admins of the namespace register and revoke', async () => {
    const { world, key } = await worldWithSigner(ada);
    const weaker = await furtherKey(world, key, ['publish']);
    const { headers: others } = await newNamespace(world, 'umbrella');
    expect((await world.fetch(KEYS, { method: 'POST', body: ada.publicKey })).status).toBe(401);
    for (const headers of [weaker.headers, others]) {
      expect((await register(world, headers, eve.publicKey)).status).toBe(403);
      expect((await revoke(world, headers, ada)).status).toBe(403);
    }
    expect((await world.fetch('/v1/namespaces/nobody/pgp-keys')).status).toBe(404);
  });

  test('a revoked key stays so', async () => {
    const { world, headers } = await worldWithSigner(ada);
    expect((await revoke(world, headers, ada)).status).toBe(204);
    expect((await revoke(world, headers, ada)).status).toBe(404);
    expect(await problemOf(await register(world, headers, ada.publicKey))).toMatchObject({
      status: 409,
      code: 'state_conflict',
    });
    const { rows } = await world.client.execute('SELECT leaf FROM log_leaves ORDER BY position');
    expect(rows.map(({ leaf }) => JSON.parse(String(leaf)).event)).toEqual(['publisher-key', 'publisher-key-revoked']);
  });

  test('twenty keys are enough', async () => {
    const { world, headers } = await worldWithKey();
    const values = Array.from({ length: 20 }, (_, n) => `('F${n}', 'acme', 'x', 'x', 0, null)`).join();
    await world.client.execute(`INSERT INTO publisher_keys VALUES ${values}`);
    expect(await problemOf(await register(world, headers, ada.publicKey))).toMatchObject({
      status: 409,
      detail: "'acme' has 20 keys already.",
    });
    const { rows } = await world.client.execute('SELECT count(*) AS n FROM log_leaves');
    expect(rows[0]?.n).toBe(0);
  });
});

async function twoInOne(): Promise<string> {
  const packets = new openpgp.PacketList<openpgp.AnyPacket>();
  for (const { publicKey } of [ada, eve])
    packets.push(...(await openpgp.readKey({ armoredKey: publicKey })).toPacketList());
  return openpgp.armor(openpgp.enums.armor.publicKey, packets.write());
}

async function revokedKey(): Promise<string> {
  const signer = await pgpSigner();
  const { publicKey } = await openpgp.revokeKey({
    key: signer.privateKey,
    date: new Date(KEY_TIME),
    format: 'armored',
  });
  return publicKey;
}

async function shortKey(): Promise<string> {
  return (await pgpSigner({ type: 'rsa', rsaBits: 1024, config: { minRSABits: 1024 } })).publicKey;
}

async function sha1Key(): Promise<string> {
  const config = {
    preferredHashAlgorithm: openpgp.enums.hash.sha1,
    nonDeterministicSignaturesViaNotation: false,
    rejectHashAlgorithms: new Set<openpgp.enums.hash>(),
  };
  return (await pgpSigner({ type: 'rsa', rsaBits: 2048, config })).publicKey;
}
