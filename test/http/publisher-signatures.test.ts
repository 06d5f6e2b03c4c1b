import { expect, test } from 'vitest';
import type { PackageBody, SearchBody } from '../../src/http/v1/schemas.ts';
import {
  certificateRequest,
  openssl,
  type Publisher,
  publisher,
  type SkregSkill,
  selfSigned,
  signDigest,
  signedArchive,
  skregArchive,
} from '../support/publisher.ts';
import {
  getJson,
  job,
  NO_TRACES,
  newNamespace,
  postJson,
  problemOf,
  publish,
  traces,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import type { World } from '../support/world.ts';

const DAY = 24 * 60 * 60_000;
const owner = publisher('a');
const other = publisher('b');

interface Signer {
  world: World;
  key: string;
  headers: { authorization: string };
}

async function signedUpload({ world, key }: Signer, by: Publisher, options?: SkregSkill) {
  return upload(world, key, signedArchive(by, [await selfSigned(by, world.clock.now())], options));
}

async function certify({ world, headers }: Signer, by: Publisher): Promise<[string, string]> {
  const body = certificateRequest(by, 'acme');
  const response = await world.fetch('/v1/namespaces/acme/cert', { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  const { cert, ca_cert } = await response.json<{ cert: string; ca_cert: string }>();
  return [cert, ca_cert];
}

async function passed(world: World, accepted: Response): Promise<void> {
  const { job_id } = await accepted.json<{ job_id: string }>();
  expect(accepted.status).toBe(202);
  await world.drain();
  expect(await job(world, job_id)).toMatchObject({ status: 'pass' });
}

/** One world for all uploads that leave nothing behind. */
let shared: ReturnType<typeof worldWithKey> | undefined;
function nothingPublished() {
  shared ??= worldWithKey();
  return shared;
}

const metadata = (world: World, version = '1.0.0') =>
  getJson<PackageBody>(world, `/v1/packages/acme/pdf-tools/${version}`);
const found = async (world: World, query: string) => {
  const { packages, total } = await getJson<SearchBody>(world, `/v1/search?${query}`);
  return { total, packages: packages.map(({ name, verification }) => `${name} ${verification}`) };
};

test('a bundle that its publisher signed says so', async () => {
  const acme = await worldWithKey();
  const { world } = acme;
  await passed(world, await signedUpload(acme, owner));
  const { publisher_sig_hex, cert_chain_pem, verification } = await metadata(world);
  expect(verification).toBe('self_signed');
  expect(publisher_sig_hex).toMatch(/^[0-9a-f]{512}$/);
  expect(cert_chain_pem).toEqual([
    expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n$/),
  ]);
  expect(await found(world, 'q=pdf')).toEqual({ total: 1, packages: ['pdf-tools self_signed'] });
  expect(await found(world, 'q=pdf&verified=true')).toEqual({ total: 0, packages: [] });
});

test('a bundle without a signature is taken too, also with certificates, also after a signed one', async () => {
  const acme = await worldWithKey();
  const { world, key } = acme;
  const chain = [await selfSigned(owner, world.clock.now())];
  await passed(world, await upload(world, key, skregArchive({ manifest: { cert_chain_pem: chain } })));
  expect(await metadata(world)).toMatchObject({
    verification: 'self_signed',
    publisher_sig_hex: null,
    cert_chain_pem: [],
  });
  await passed(world, await signedUpload(acme, owner, { version: '1.1.0' }));
  await passed(world, await upload(world, key, skregArchive({ version: '1.2.0' })));
  expect(await metadata(world, '1.2.0')).toMatchObject({ publisher_sig_hex: null, cert_chain_pem: [] });
});

test('with a certificate of this hub, its publisher counts as verified', async () => {
  const acme = await worldWithKey();
  const { world, key } = acme;
  const chain = await certify(acme, owner);
  await passed(world, await upload(world, key, signedArchive(owner, chain)));
  expect(await metadata(world)).toMatchObject({ verification: 'publisher', cert_chain_pem: chain });

  await passed(world, await upload(world, key, signedArchive(owner, chain.slice(0, 1), { name: 'csv-summary' })));
  const { cert_chain_pem } = await getJson<PackageBody>(world, '/v1/packages/acme/csv-summary/1.0.0');
  expect(cert_chain_pem).toEqual(chain);
  await publish(world, key, { name: 'xml-tables' });
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, umbrella.key, { name: 'json-queries' });

  const verified = { total: 2, packages: ['csv-summary publisher', 'pdf-tools publisher'] };
  expect(await found(world, 'verified=true')).toEqual(verified);
  expect(await found(world, 'q=pdf&verified=true')).toMatchObject({
    total: 2,
    packages: expect.arrayContaining(verified.packages),
  });
  expect(await found(world, 'verified=false')).toMatchObject({ total: 4 });
  expect(await found(world, 'verified=true&page=2')).toEqual({ total: 2, packages: [] });
});

test('what counts is the latest version', async () => {
  const acme = await worldWithKey();
  const { world, key } = acme;
  await passed(world, await upload(world, key, signedArchive(owner, await certify(acme, owner))));
  expect(await found(world, 'q=pdf&verified=true')).toEqual({ total: 1, packages: ['pdf-tools publisher'] });
  await passed(world, await upload(world, key, skregArchive({ version: '1.1.0' })));
  expect(await found(world, 'q=pdf&verified=true')).toEqual({ total: 0, packages: [] });
  expect(await found(world, 'verified=true')).toEqual({ total: 0, packages: [] });
  await postJson(world, '/v1/packages/acme/pdf-tools/1.1.0/yank', {}, acme.headers);
  expect(await found(world, 'verified=true')).toEqual({ total: 1, packages: ['pdf-tools publisher'] });
});

test('private skills are verified for their own namespace only', async () => {
  const acme = await worldWithKey();
  const { world, key, headers } = acme;
  const archive = signedArchive(owner, await certify(acme, owner));
  await passed(world, await upload(world, key, archive, '?visibility=private'));
  expect(await found(world, 'verified=true')).toEqual({ total: 0, packages: [] });
  const own = await getJson<SearchBody>(world, '/v1/search?verified=true', headers);
  expect(own.packages).toMatchObject([{ name: 'pdf-tools', verification: 'publisher' }]);
});

test.each<[string, (world: World) => Promise<{ chain: string[]; manifest?: Record<string, unknown> }>]>([
  ['without certificates', async () => ({ chain: [] })],
  ['with three certificates', async ({ clock }) => ({ chain: Array(3).fill(await selfSigned(owner, clock.now())) })],
  ['with text for a certificate', async () => ({ chain: ['hello'] })],
  [
    'with garbage for a certificate',
    async () => ({ chain: [`-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\n-----END CERTIFICATE-----\n`] }),
  ],
  [
    'with two certificates in one text',
    async ({ clock }) => ({ chain: [(await selfSigned(owner, clock.now())).repeat(2)] }),
  ],
  [
    "with another name's certificate",
    async ({ clock }) => ({ chain: [await selfSigned(owner, clock.now(), { name: 'umbrella' })] }),
  ],
  [
    'with a certificate that has expired',
    async ({ clock }) => ({ chain: [await selfSigned(owner, clock.now() - 91 * DAY)] }),
  ],
  ['with a certificate of tomorrow', async ({ clock }) => ({ chain: [await selfSigned(owner, clock.now() + DAY)] })],
  [
    'with a certificate that another key signed',
    async ({ clock }) => ({ chain: [await selfSigned(owner, clock.now(), { signer: other })] }),
  ],
  [
    'with a certificate signed with SHA-1',
    async ({ clock }) => ({ chain: [await selfSigned(owner, clock.now(), { hash: 'SHA-1' })] }),
  ],
  [
    'with an authority of its own',
    async ({ clock }) => ({
      chain: [
        await selfSigned(owner, clock.now(), { signer: other }),
        await selfSigned(other, clock.now(), { name: 'Skills Hub registry' }),
      ],
    }),
  ],
  [
    "with this hub's authority behind a certificate that it did not issue",
    async (world) => ({
      chain: [await selfSigned(owner, world.clock.now()), await (await world.fetch('/v1/ca.pem')).text()],
    }),
  ],
  [
    "with a short key's certificate",
    async ({ clock }) => ({ chain: [await selfSigned(publisher('short', 1024), clock.now())] }),
  ],
])('a signature %s is refused', async (_, given) => {
  const { world, key } = await nothingPublished();
  const { chain } = await given(world);
  const refused = await upload(world, key, signedArchive(owner, chain));
  expect(await problemOf(refused)).toMatchObject({ status: 400, code: 'invalid_certificate' });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test.each<[string, Record<string, unknown>]>([
  ['of another digest', { sha256: 'ab'.repeat(32) }],
  ['of another key', { publisher_sig_hex: signDigest(other, 'cd'.repeat(32)), sha256: 'cd'.repeat(32) }],
  [
    'with a salt of another length',
    { publisher_sig_hex: signDigest(owner, 'cd'.repeat(32), '20'), sha256: 'cd'.repeat(32) },
  ],
  ['that is too short', { publisher_sig_hex: 'abcd' }],
  ['of nothing', { sha256: null }],
])('a signature %s is refused', async (_, manifest) => {
  const { world, key } = await nothingPublished();
  const chain = [await selfSigned(owner, world.clock.now())];
  expect(await problemOf(await upload(world, key, signedArchive(owner, chain, { manifest })))).toMatchObject({
    status: 400,
    code: 'invalid_signature',
    file: 'manifest.json',
  });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test('certificates of more than 64 KiB are too many', async () => {
  const { world, key } = await worldWithKey();
  const pem = await selfSigned(owner, world.clock.now());
  const chain = [pem.replace('-----\n', `-----\n${' '.repeat(64 * 1024)}`)];
  expect(await problemOf(await upload(world, key, signedArchive(owner, chain)))).toMatchObject({
    status: 413,
    code: 'payload_too_large',
  });
});

test('digits may be upper case, and the answer has them lower case', async () => {
  const { world, key } = await worldWithKey();
  const sha256 = 'cd'.repeat(32);
  const signature = signDigest(owner, sha256);
  const chain = [await selfSigned(owner, world.clock.now())];
  const manifest = { sha256: sha256.toUpperCase(), publisher_sig_hex: signature.toUpperCase() };
  await passed(world, await upload(world, key, signedArchive(owner, chain, { manifest })));
  expect((await metadata(world)).publisher_sig_hex).toBe(signature);
});

test('the first signed bundle pins its key: another one is refused', async () => {
  const acme = await worldWithKey();
  const { world, key } = acme;
  await passed(world, await signedUpload(acme, owner));
  expect(await problemOf(await signedUpload(acme, other, { version: '1.1.0' }))).toMatchObject({
    status: 403,
    code: 'wrong_key',
    detail: `The bundle is signed with the key ${other.fingerprint}, but 'acme' signs with ${owner.fingerprint}.`,
  });
  const chain = await certify(acme, other);
  expect(await problemOf(await upload(world, key, signedArchive(other, chain, { version: '1.1.0' })))).toMatchObject({
    status: 403,
    code: 'wrong_key',
  });
  await passed(world, await signedUpload(acme, owner, { version: '1.1.0' }));
});

test('each namespace has a key of its own', async () => {
  const acme = await worldWithKey();
  const { world } = acme;
  await passed(world, await signedUpload(acme, owner));
  const umbrella = await newNamespace(world, 'umbrella');
  const chain = [await selfSigned(other, world.clock.now(), { name: 'umbrella' })];
  const archive = signedArchive(other, chain, { namespace: 'umbrella', name: 'xml-tables' });
  await passed(world, await upload(world, umbrella.key, archive));
});

test('of two first bundles at the same time one pins its key', async () => {
  const acme = await worldWithKey();
  const { world } = acme;
  const answers = await Promise.all([
    signedUpload(acme, owner, { name: 'pdf-tools' }),
    signedUpload(acme, other, { name: 'csv-summary' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 403]);
  const { rows } = await world.client.execute(
    'SELECT (SELECT count(*) FROM versions) AS versions, (SELECT count(*) FROM pinned_keys) AS keys',
  );
  expect(rows).toEqual([{ versions: 1, keys: 1 }]);
});

test('a bundle that cannot be stored pins nothing', async () => {
  const acme = await worldWithKey();
  const { world } = acme;
  const { bundles } = world.deps;
  world.deps.bundles = { ...bundles, put: () => Promise.reject(new Error('bucket gone')) };
  expect((await signedUpload(acme, owner)).status).toBe(503);
  world.deps.bundles = bundles;
  await passed(world, await signedUpload(acme, other));
});

test('a revoked certificate signs nothing more, and what it signed stays', async () => {
  const acme = await worldWithKey();
  const { world, key, headers } = acme;
  const chain = await certify(acme, owner);
  await passed(world, await upload(world, key, signedArchive(owner, chain)));
  await world.fetch('/v1/namespaces/acme/cert', { method: 'DELETE', headers });
  expect(await problemOf(await upload(world, key, signedArchive(owner, chain, { version: '1.1.0' })))).toMatchObject({
    status: 400,
    code: 'invalid_certificate',
    detail: 'manifest.json: cert_chain_pem[0] was revoked.',
  });
  expect((await world.fetch('/v1/download/acme/pdf-tools/1.0.0')).status).toBe(200);
  const renewed = await certify(acme, owner);
  await passed(world, await upload(world, key, signedArchive(owner, renewed, { version: '1.1.0' })));
});

test('a certificate that the hub does not remember is none of its own', async () => {
  const acme = await worldWithKey();
  const { world, key } = acme;
  const chain = await certify(acme, owner);
  await world.client.execute('DELETE FROM certificates');
  expect(await problemOf(await upload(world, key, signedArchive(owner, chain)))).toMatchObject({
    status: 400,
    code: 'invalid_certificate',
    detail: 'manifest.json: cert_chain_pem[0] is not a certificate of this registry.',
  });
});

test('a certificate of this hub runs out after 90 days', async () => {
  const acme = await worldWithKey();
  const { world, key } = acme;
  const chain = await certify(acme, owner);
  world.advance(90 * DAY);
  await passed(world, await upload(world, key, signedArchive(owner, chain)));
  world.advance(1);
  expect(await problemOf(await upload(world, key, signedArchive(owner, chain, { version: '1.1.0' })))).toMatchObject({
    status: 400,
    code: 'invalid_certificate',
    detail: 'manifest.json: cert_chain_pem[0] expired on 2026-04-01T00:00:00.000Z.',
  });
});

test.each([
  ['sha256', '32', 202],
  ['sha512', '20', 202],
  ['sha1', '20', 400],
])('a certificate of its own may be signed with RSASSA-PSS too: %s, salt of %s bytes', async (hash, salt, status) => {
  const { world, key } = await worldWithKey();
  world.advance(Date.now() + DAY - world.clock.now());
  const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', `rsa_pss_saltlen:${salt}`];
  const self = ['-key', 'publisher.key', '-subj', '/CN=acme', '-days', '90', `-${hash}`];
  const pem = openssl(owner.folder, 'req', '-x509', ...self, ...pss);
  expect((await upload(world, key, signedArchive(owner, [pem]))).status).toBe(status);
});
