import * as openpgp from 'openpgp';
import { expect } from 'vitest';
import { worldWithKey } from './skills.ts';
import type { World } from './world.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A day before the worlds of the tests begin. */
export const KEY_TIME = Date.UTC(2026, 0, 1) - DAY_MS;

export interface PgpSigner {
  publicKey: string;
  privateKey: openpgp.PrivateKey;
  /** In upper-case hex. */
  fingerprint: string;
}

export interface KeyOptions {
  type?: 'ecc' | 'rsa';
  rsaBits?: number;
  /** Days after `KEY_TIME`. */
  expiresAfter?: number;
  userId?: string;
  /** Whether a subkey signs, as many people have it. */
  subkey?: boolean;
  config?: openpgp.PartialConfig;
}

export async function pgpSigner(options: KeyOptions = {}): Promise<PgpSigner> {
  const { type = 'ecc', rsaBits, expiresAfter, userId = 'Ada', subkey = false, config } = options;
  const { publicKey, privateKey } = await openpgp.generateKey({
    type,
    ...(rsaBits === undefined ? {} : { rsaBits }),
    userIDs: [{ name: userId, email: 'ada@example.com' }],
    date: new Date(KEY_TIME),
    keyExpirationTime: (expiresAfter ?? 0) * (DAY_MS / 1000),
    subkeys: subkey ? [{ sign: true }] : [],
    format: 'object',
    ...(config && { config }),
  });
  return { publicKey: publicKey.armor(), privateKey, fingerprint: publicKey.getFingerprint().toUpperCase() };
}

/** A detached signature over bytes, in ASCII armour. */
export async function pgpSign(
  { privateKey }: PgpSigner,
  bytes: Uint8Array,
  { at = KEY_TIME + DAY_MS, config }: { at?: number; config?: openpgp.PartialConfig } = {},
): Promise<string> {
  return openpgp.sign({
    message: await openpgp.createMessage({ binary: bytes }),
    signingKeys: privateKey,
    detached: true,
    date: new Date(at),
    ...(config && { config }),
  });
}

/** The bytes in an ASCII armour. */
export async function unarmored(text: string): Promise<Uint8Array> {
  return (await openpgp.readSignature({ armoredSignature: text })).write();
}

export const PGP_KEYS = '/v1/namespaces/acme/pgp-keys';

export type KeyHeaders = { authorization: string };

export const register = (world: World, headers: KeyHeaders, body: string, path = PGP_KEYS) =>
  world.fetch(path, { method: 'POST', headers: { 'content-type': 'application/pgp-keys', ...headers }, body });

export const revoke = (world: World, headers: KeyHeaders, { fingerprint }: PgpSigner) =>
  world.fetch(`${PGP_KEYS}/${fingerprint.toLowerCase()}`, { method: 'DELETE', headers });

/** A world in which `acme` has registered a key. */
export async function worldWithSigner(signer: PgpSigner) {
  const made = await worldWithKey();
  expect((await register(made.world, made.headers, signer.publicKey)).status).toBe(201);
  return made;
}
