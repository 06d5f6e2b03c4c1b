import { createHash, createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import type { PackageBody, RegistryKeysBody } from '../../src/http/v1/schemas.ts';
import { SKILL_MD, tarGz as tarOf } from '../support/archives.ts';
import { getJson, newNamespace, problemOf, publish, skill, upload } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const PATH = '/v1/download/acme/pdf-tools/1.0.0';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function download(world: World, path: string) {
  const response = await world.fetch(path);
  expect(response.status, path).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, headers: response.headers };
}

async function worldWithSkill() {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  await publish(world, key);
  return { world, headers };
}

test.each([
  ['', 'application/gzip', 'pdf-tools-1.0.0.skill'],
  ['?format=skill', 'application/gzip', 'pdf-tools-1.0.0.skill'],
  ['?format=tar.gz', 'application/gzip', 'pdf-tools-1.0.0.tar.gz'],
  ['?format=zip', 'application/zip', 'pdf-tools-1.0.0.zip'],
])('the form %j', async (query, type, filename) => {
  const { world } = await worldWithSkill();
  const { bytes, headers } = await download(world, PATH + query);
  expect(headers.get('content-type')).toBe(type);
  expect(headers.get('content-disposition')).toBe(`attachment; filename="${filename}"`);
  expect(headers.get('content-length')).toBe(String(bytes.length));
  expect(headers.get('etag')).toBe(`"${sha256(bytes)}"`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(await readArchive(bytes)).toEqual(skill());
});

test('the metadata tells the digest and size of each form', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const uploaded = tarOf({ name: 'a.txt', data: 'a' }, { name: 'SKILL.md', data: SKILL_MD });
  await upload(world, key, uploaded, '?version=1.0.0');
  await world.drain();
  const metadata = await getJson<PackageBody>(world, '/v1/packages/acme/pdf-tools/1.0.0');
  const raw = await download(world, PATH);
  const tar = await download(world, `${PATH}?format=tar.gz`);
  const zip = await download(world, `${PATH}?format=zip`);
  expect(raw.bytes).toEqual(new Uint8Array(uploaded));
  expect(tar.bytes).not.toEqual(raw.bytes);
  expect(metadata).toMatchObject({
    sha256: sha256(raw.bytes),
    size: raw.bytes.length,
    artifacts: {
      'tar.gz': { sha256: sha256(tar.bytes), size: tar.bytes.length },
      zip: { sha256: sha256(zip.bytes), size: zip.bytes.length },
    },
  });
});

test.each(['skill', 'tar.gz', 'zip'])(
  'the signature over the %s verifies with both forms of the key',
  async (format) => {
    const world = await createWorld();
    const { key } = await newNamespace(world);
    const uploaded = tarOf({ name: 'pdf-tools/SKILL.md', data: SKILL_MD });
    await upload(world, key, uploaded, '?version=1.0.0');
    await world.drain();
    const { bytes } = await download(world, `${PATH}?format=${format}`);
    const signature = await download(world, `${PATH}/sig?format=${format}`);
    expect(signature.bytes).toHaveLength(512);
    expect(signature.headers.get('content-type')).toBe('application/octet-stream');
    expect(signature.headers.get('content-length')).toBe('512');

    const { current, keys } = await getJson<RegistryKeysBody>(world, '/v1/keys/registry');
    const [first] = keys;
    if (!first) throw new Error('the registry has no key');
    expect(signature.headers.get('x-key-id')).toBe(current);
    const jwk = createPublicKey({ key: { kty: first.kty, n: first.n, e: first.e }, format: 'jwk' });
    const pem = createPublicKey(first.pem);
    expect(verify('sha256', bytes, jwk, signature.bytes)).toBe(true);
    expect(verify('sha256', bytes, pem, signature.bytes)).toBe(true);
    const damaged = bytes.slice();
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    expect(verify('sha256', damaged, pem, signature.bytes)).toBe(false);
  },
);

test('the registry publishes its key as JWK and as PEM, and both are the same RSA-4096 key', async () => {
  const { world } = await worldWithSkill();
  const response = await world.fetch('/v1/keys/registry');
  expect(response.headers.get('cache-control')).toBe('public, max-age=30');
  const { current, keys } = await response.json<RegistryKeysBody>();
  expect(keys).toEqual([
    {
      kid: current,
      kty: 'RSA',
      n: expect.any(String),
      e: 'AQAB',
      alg: 'RS256',
      use: 'sig',
      pem: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
    },
  ]);
  const pem = createPublicKey(keys[0]?.pem ?? '');
  expect(pem.asymmetricKeyDetails?.modulusLength).toBe(4096);
  expect(pem.export({ format: 'jwk' })).toEqual({ kty: 'RSA', n: keys[0]?.n, e: 'AQAB' });
  const thumbprint = createHash('sha256').update(`{"e":"AQAB","kty":"RSA","n":"${keys[0]?.n}"}`).digest('base64url');
  expect(current).toBe(thumbprint);
});

test('latest and ranges are served with the bytes of the version that they name', async () => {
  const { world } = await worldWithSkill();
  const pinned = await download(world, PATH);
  const latest = await download(world, '/v1/download/acme/pdf-tools/latest');
  const range = await download(world, '/v1/download/acme/pdf-tools/%5E1');
  expect(latest.bytes).toEqual(pinned.bytes);
  expect(range.bytes).toEqual(pinned.bytes);
  expect(latest.headers.get('content-disposition')).toBe('attachment; filename="pdf-tools-1.0.0.skill"');
});

test('a form that there is not is refused', async () => {
  const { world } = await worldWithSkill();
  expect(await problemOf(await world.fetch(`${PATH}?format=rar`))).toMatchObject({
    status: 400,
    code: 'invalid_request',
    errors: [{ path: 'format' }],
  });
});

test('bytes that the store has lost are a fault of the hub', async () => {
  const { world } = await worldWithSkill();
  world.bundles.objects.clear();
  for (const path of [PATH, `${PATH}/sig`, '/v1/packages/acme/pdf-tools/1.0.0/preview']) {
    expect(await problemOf(await world.fetch(path)), path).toMatchObject({ status: 500, code: 'internal_error' });
  }
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
});
