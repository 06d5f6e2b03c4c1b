import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { fromHex } from '../../src/format/hex.ts';
import { verifyPss } from '../../src/format/pss.ts';
import { type RsaKey, readRsaKey } from '../../src/format/rsa-key.ts';
import { type Publisher, publisher, signDigest } from '../support/publisher.ts';

const DIGEST = 'ab'.repeat(32);

async function keyOf({ publicPem }: Publisher): Promise<RsaKey> {
  const key = await readRsaKey(createPublicKey(publicPem).export({ type: 'spki', format: 'der' }));
  if (!key) throw new Error('the key of the test is not taken');
  return key;
}

const verify = async (owner: Publisher, digest: string, signature: string) =>
  verifyPss(await keyOf(owner), fromHex(digest), fromHex(signature));

let signature: string;
beforeAll(() => {
  signature = signDigest(publisher('a'), DIGEST);
});

test.each([2048, 2049, 2056, 3072, 4096])('what OpenSSL signs with a key of %i bits holds', async (bits) => {
  const owner = publisher('sizes', bits);
  const digests = Array.from({ length: 5 }, (_, at) => `${at}7`.repeat(32));
  for (const digest of digests) expect(await verify(owner, digest, signDigest(owner, digest))).toBe(true);
});

test('another digest, another key', async () => {
  expect(await verify(publisher('a'), DIGEST, signature)).toBe(true);
  expect(await verify(publisher('a'), 'ac'.repeat(32), signature)).toBe(false);
  expect(await verify(publisher('b'), DIGEST, signature)).toBe(false);
});

test.each(['0', '20', '64', 'max'])('a salt of another length is refused: %s', async (salt) => {
  expect(await verify(publisher('a'), DIGEST, signDigest(publisher('a'), DIGEST, salt))).toBe(false);
});

test('a signature of another length, and one that is no residue', async () => {
  const { modulus } = await keyOf(publisher('a'));
  const value = BigInt(`0x${signature}`);
  const wrong = [
    '',
    signature.slice(2),
    `00${signature}`,
    'ff'.repeat(256),
    (value + modulus).toString(16),
    '00'.repeat(256),
  ];
  for (const hex of wrong) expect(await verify(publisher('a'), DIGEST, hex), hex.slice(0, 16)).toBe(false);
  expect(await verify(publisher('a'), DIGEST.slice(2), signature)).toBe(false);
});

test('no bit of the signature may be another one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2047 }), async (bit) => {
      const bytes = fromHex(signature);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return !(await verifyPss(await keyOf(publisher('a')), fromHex(DIGEST), bytes));
    }),
    { numRuns: 60 },
  );
});

/** Signs an encoded message as it is, whatever is wrong with it. */
async function signRaw(encoded: Uint8Array): Promise<boolean> {
  // With exponent 1 a signature is its own encoded message, so any encoding can be tried.
  const { modulus, bits } = await keyOf(publisher('a'));
  const value = Uint8Array.from(encoded);
  return verifyPss({ modulus, bits, exponent: 1n }, fromHex(DIGEST), value);
}

async function encodedMessage(): Promise<Uint8Array> {
  const { modulus, exponent } = await keyOf(publisher('a'));
  let result = 1n;
  for (let at = 0n; at < 16n; at++)
    result = result === 1n ? BigInt(`0x${signature}`) ** 2n % modulus : result ** 2n % modulus;
  expect(exponent).toBe(65537n);
  return fromHex(((result * BigInt(`0x${signature}`)) % modulus).toString(16).padStart(512, '0'));
}

test('each part of the encoded message is looked at', async () => {
  const good = await encodedMessage();
  expect(await signRaw(good)).toBe(true);
  const changed = (at: number, mask: number) => good.map((byte, index) => (index === at ? byte ^ mask : byte));
  expect(await signRaw(changed(255, 0x01)), 'the trailer').toBe(false);
  expect(await signRaw(changed(254, 0x01)), 'the hash').toBe(false);
  expect(await signRaw(changed(223, 0x01)), 'the hash').toBe(false);
  expect(await signRaw(changed(222, 0x01)), 'the salt').toBe(false);
  expect(await signRaw(changed(190, 0x01)), 'the byte before the salt').toBe(false);
  expect(await signRaw(changed(189, 0x01)), 'the padding').toBe(false);
  expect(await signRaw(changed(0, 0x01)), 'the first byte').toBe(false);
  expect(await signRaw(changed(0, 0x80)), 'the first bit').toBe(false);
});

/** SubjectPublicKeyInfo of a key that nobody could sign with: its modulus is just a number of so many bits. */
function spkiOf(bits: number, e = 'AQAB'): Uint8Array {
  const modulus = Buffer.alloc(Math.ceil(bits / 8), 0xff);
  modulus[0] = 0xff >> (modulus.length * 8 - bits);
  const key = { kty: 'RSA', n: modulus.toString('base64url'), e };
  return createPublicKey({ format: 'jwk', key }).export({ type: 'spki', format: 'der' });
}

test.each([
  [2047, 'AQAB', false],
  [2048, 'AQAB', true],
  [8192, 'AQAB', true],
  [8193, 'AQAB', false],
  [2048, 'Aw', false],
  [2048, 'AQAA', false],
])('of a key of %i bits with the exponent %s it is %s that it is taken', async (bits, exponent, taken) => {
  expect((await readRsaKey(spkiOf(bits, exponent)))?.bits).toBe(taken ? bits : undefined);
});

test('neither garbage nor a key of another kind is taken', async () => {
  expect(await readRsaKey(new Uint8Array())).toBeUndefined();
  expect(await readRsaKey(Uint8Array.from({ length: 300 }, (_, at) => at & 0xff))).toBeUndefined();
});
