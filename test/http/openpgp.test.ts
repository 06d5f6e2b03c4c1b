import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import { describe, expect, test } from 'vitest';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import {
  KEY_TIME,
  type KeyHeaders,
  type PgpSigner,
  pgpSign,
  pgpSigner,
  register,
  revoke,
  unarmored,
  worldWithSigner,
} from '../support/openpgp.ts';
import { getJson, job, NO_TRACES, problemOf, publish, tarGz, traces, worldWithKey, zip } from '../support/skills.ts';
import type { World } from '../support/world.ts';

const DAY = 24 * 60 * 60_000;

const ada = await pgpSigner();
const eve = await pgpSigner({ userId: 'Eve' });

async function signedForm(world: World, headers: KeyHeaders, archive: Uint8Array, signature: string) {
  const body = new FormData();
  body.set('bundle', new File([new Uint8Array(archive)], 'x.skill'));
  body.set('signature', signature);
  return world.fetch('/v1/publish', { method: 'POST', headers, body });
}

async function published(world: World, accepted: Response): Promise<void> {
  expect(accepted.status).toBe(202);
  const { job_id } = await accepted.json<{ job_id: string }>();
  await world.drain();
  expect(await job(world, job_id)).toMatchObject({ status: 'pass' });
}

const metadata = (world: World) => getJson<PackageBody>(world, '/v1/packages/acme/pdf-tools/1.0.0');

describe('publishing', () => {
  test('a signature in a form is verified, kept and shown', async () => {
    const { world, headers } = await worldWithSigner(ada);
    const archive = await tarGz();
    await published(world, await signedForm(world, headers, archive, await pgpSign(ada, archive)));
    expect((await metadata(world)).publisher_signature).toEqual({
      kind: 'openpgp',
      key: ada.fingerprint,
      user_id: 'Ada <ada@example.com>',
      namespace: 'acme',
      revoked_at: null,
    });
    const verification = await getJson<{ signature: { publisher: object } }>(world, '/api/v1/skills/pdf-tools/verify');
    expect(verification.signature.publisher).toEqual({
      algorithm: 'OpenPGP',
      keyId: ada.fingerprint,
      userId: 'Ada <ada@example.com>',
      revokedAt: null,
      signatureUrl: 'http://hub.test/v1/download/acme/pdf-tools/1.0.0/asc',
      keysUrl: 'http://hub.test/v1/namespaces/acme/pgp-keys',
    });
    const asc = await world.fetch('/v1/download/acme/pdf-tools/1.0.0/asc');
    expect([asc.status, asc.headers.get('content-type')]).toEqual([200, 'application/pgp-signature']);
    const served = new Uint8Array(await (await world.fetch('/v1/download/acme/pdf-tools/1.0.0')).arrayBuffer());
    const { signatures } = await openpgp.verify({
      message: await openpgp.createMessage({ binary: served }),
      signature: await openpgp.readSignature({ armoredSignature: await asc.text() }),
      verificationKeys: await openpgp.readKey({ armoredKey: ada.publicKey }),
      date: new Date(world.clock.now()),
    });
    expect(await signatures[0]?.verified).toBe(true);
  });

  test('so is one in a header, made by a subkey', async () => {
    const signer = await pgpSigner({ subkey: true });
    const { world, headers } = await worldWithSigner(signer);
    const archive = await tarGz();
    const signature = Buffer.from(await unarmored(await pgpSign(signer, archive))).toString('base64');
    const init = { method: 'POST', headers: { ...headers, 'x-publisher-signature': signature }, body: archive };
    await published(world, await world.fetch('/v1/publish', init));
    expect((await metadata(world)).publisher_signature?.key).toBe(signer.fingerprint);
  });

  test('what GnuPG signs is verified here, and GnuPG verifies what is served', async () => {
    const home = mkdtempSync(join(tmpdir(), 'skills-hub-gnupg-'));
    const at = '20260101T000000!';
    const gpg = (...args: string[]) =>
      execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--faked-system-time', at, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    gpg('--passphrase', '', '--quick-generate-key', 'Grace <grace@example.com>', 'ed25519', 'sign', 'never');
    const { world, headers } = await worldWithKey();
    expect((await register(world, headers, gpg('--armor', '--export', 'grace@example.com'))).status).toBe(201);
    const archive = await tarGz();
    writeFileSync(join(home, 'x.skill'), archive);
    gpg('--armor', '--detach-sign', join(home, 'x.skill'));
    const signature = readFileSync(join(home, 'x.skill.asc'), 'utf8');
    await published(world, await signedForm(world, headers, archive, signature));
    const asc = await (await world.fetch('/v1/download/acme/pdf-tools/1.0.0/asc')).text();
    writeFileSync(join(home, 'served.asc'), asc);
    expect(gpg('--status-fd', '1', '--verify', join(home, 'served.asc'), join(home, 'x.skill'))).toContain(
      '[GNUPG:] GOODSIG',
    );
  });

  test('without a signature there is none to show', async () => {
    const { world, key } = await worldWithSigner(ada);
    await publish(world, key);
    const response = await world.fetch('/v1/packages/acme/pdf-tools/1.0.0');
    expect((await response.json<PackageBody>()).publisher_signature).toBeNull();
    expect(await problemOf(await world.fetch('/v1/download/acme/pdf-tools/1.0.0/asc'))).toMatchObject({ status: 404 });
  });

  test('a version of a key that was revoked since says so, at once', async () => {
    const { world, headers } = await worldWithSigner(ada);
    const archive = await tarGz();
    await published(world, await signedForm(world, headers, archive, await pgpSign(ada, archive)));
    expect((await metadata(world)).publisher_signature?.revoked_at).toBeNull();
    expect((await revoke(world, headers, ada)).status).toBe(204);
    const response = await world.fetch('/v1/packages/acme/pdf-tools/1.0.0');
    expect((await response.json<PackageBody>()).publisher_signature?.revoked_at).toBe('2026-01-01T00:00:00.000Z');
  });

  const bad: [string, (archive: Uint8Array) => Promise<string>, string][] = [
    ['garbage', async () => 'hello', 'cannot be read'],
    ['too much', async () => 'x'.repeat(20_000), 'larger than 16384 bytes'],
    ['one over other bytes', () => pgpSign(ada, new Uint8Array([1])), 'does not hold'],
    ['one of an unknown key', (archive) => pgpSign(eve, archive), "'acme' has not registered"],
    ['one from the future', (archive) => pgpSign(ada, archive, { at: KEY_TIME + 2 * DAY }), 'in the future'],
    ['one with SHA-1', sha1Signature, 'not of the SHA-2 family'],
    ['one over text', textSignature, 'not over binary data'],
    ['two of them', twoSignatures, 'holds 2 signatures'],
  ];
  test.each(bad)('%s is refused before anything is kept', async (_, sign, reason) => {
    const { world, headers } = await worldWithSigner(ada);
    const archive = await tarGz();
    expect(await problemOf(await signedForm(world, headers, archive, await sign(archive)))).toMatchObject({
      status: 422,
      code: 'invalid_pgp_signature',
      detail: expect.stringContaining(reason),
      fix: expect.any(String),
    });
    expect(await traces(world)).toEqual(NO_TRACES);
  });

  test('a header that is no base64 is refused', async () => {
    const { world, headers } = await worldWithSigner(ada);
    const init = { method: 'POST', headers: { ...headers, 'x-publisher-signature': '-----' }, body: await tarGz() };
    expect(await problemOf(await world.fetch('/v1/publish', init))).toMatchObject({
      status: 422,
      code: 'invalid_pgp_signature',
    });
  });

  test('a revoked key signs nothing more, nor does one that expired before it signed', async () => {
    const short = await pgpSigner({ expiresAfter: 2 });
    const { world, headers } = await worldWithSigner(short);
    const archive = await tarGz();
    world.advance(3 * DAY);
    const late = await pgpSign(await prolonged(short), archive, { at: world.clock.now() });
    expect(await problemOf(await signedForm(world, headers, archive, late))).toMatchObject({
      detail: expect.stringContaining('expired'),
    });
    const inTime = await pgpSign(short, archive);
    await revoke(world, headers, short);
    expect(await problemOf(await signedForm(world, headers, archive, inTime))).toMatchObject({
      status: 422,
      detail: expect.stringContaining("which 'acme' has revoked"),
    });
    expect(await traces(world)).toEqual(NO_TRACES);
  });

  test('a key that is revoked while the bytes are stored does not count', async () => {
    const { world, headers } = await worldWithSigner(ada);
    const archive = await tarGz();
    const { put } = world.bundles;
    world.bundles.put = async (...args) => {
      await revoke(world, headers, ada);
      return put(...args);
    };
    const answer = await signedForm(world, headers, archive, await pgpSign(ada, archive));
    expect(await problemOf(answer)).toMatchObject({ status: 422, detail: expect.stringContaining('in the meantime') });
    expect((await traces(world)).rows).toBe(0);
  });

  test('what would be served otherwise than it was signed is refused', async () => {
    const { world, headers } = await worldWithSigner(ada);
    const archive = await zip();
    expect(await problemOf(await signedForm(world, headers, archive, await pgpSign(ada, archive)))).toMatchObject({
      status: 422,
      code: 'invalid_pgp_signature',
      fix: expect.stringContaining('skills pack'),
    });
    expect(await traces(world)).toEqual(NO_TRACES);
  });
});

async function sha1Signature(archive: Uint8Array): Promise<string> {
  return withHash(await pgpSign(ada, archive), openpgp.enums.hash.sha1);
}

/** The same signature under the name of another hash: what it is worth is never looked at. */
async function withHash(armored: string, hash: number): Promise<string> {
  const bytes = await unarmored(armored);
  // The header of the packet, then version, type, algorithm and hash.
  const at = 2 + 3;
  bytes[at] = hash;
  return openpgp.armor(openpgp.enums.armor.signature, bytes);
}

async function textSignature(archive: Uint8Array): Promise<string> {
  const text = Buffer.from(archive).toString('latin1');
  return openpgp.sign({
    message: await openpgp.createMessage({ text }),
    signingKeys: ada.privateKey,
    detached: true,
    date: new Date(KEY_TIME + DAY),
  });
}

async function twoSignatures(archive: Uint8Array): Promise<string> {
  const one = await unarmored(await pgpSign(ada, archive));
  return openpgp.armor(openpgp.enums.armor.signature, Buffer.concat([one, one]));
}

/** The same key, which claims now to live for ever; the hub has not been told. */
async function prolonged({ privateKey, ...signer }: PgpSigner): Promise<PgpSigner> {
  const { privateKey: longer } = await openpgp.reformatKey({
    privateKey,
    userIDs: [{ name: 'Ada', email: 'ada@example.com' }],
    keyExpirationTime: 0,
    date: new Date(KEY_TIME + DAY),
    format: 'object',
  });
  return { ...signer, privateKey: longer };
}
