import { createHash, verify, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readUpload } from '../../src/format/archive.ts';
import { findFile } from '../../src/format/bundle.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { tarGz } from '../support/archives.ts';
import { type HubProcess, startHubProcess } from '../support/hub-process.ts';
import { certificateRequest, openssl, publisher, selfSigned, signDigest, signedArchive } from '../support/publisher.ts';
import { bearer, lastMail, postJson, publish, read, send, wire } from '../support/skreg-client.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess();
});
afterAll(() => hub.stop('SIGINT'));

/** A new namespace, as `login` makes one. */
async function login(slug: string): Promise<string> {
  const answer = await postJson(hub, '/v1/namespaces', { email: `${slug}@example.com`, slug });
  return read(answer, 200, wire.key).api_key;
}

/** What both commands do to install: metadata, archive, digest, signature. */
async function install(namespace: string, name: string, version = 'latest') {
  const metadata = read(await send(hub, 'GET', `/v1/packages/${namespace}/${name}/${version}`), 200, wire.manifest);
  const path = `/v1/download/${namespace}/${name}/${metadata.version}`;
  const archive = await send(hub, 'GET', path);
  const signature = await send(hub, 'GET', `${path}/sig`);
  expect([archive.status, signature.status]).toEqual([200, 200]);
  expect(sha256(archive.body)).toBe(metadata.sha256);
  return { metadata, archive: new Uint8Array(archive.body), signature: signature.body };
}

test('both: the hub says that it is there', async () => {
  const answer = await send(hub, 'GET', '/healthz');
  expect([answer.status, answer.body.toString()]).toEqual([200, '{"status":"ok"}']);
});

describe('skillpkg 0.1.0', () => {
  const skillMd = '---\nname: color-analysis\ndescription: Analyses the colours of a picture.\n---\n# How to\n';
  /** It packs the folder as it is, `manifest.json` of the author's included, with the digest of a pass before. */
  const packed = (version: string) => {
    const manifest = {
      namespace: 'dymo',
      name: 'color-analysis',
      version,
      description: 'Analyses colours.',
      cert_chain_pem: [],
    };
    const files = (extra: object) =>
      tarGz(
        { name: 'SKILL.md', data: skillMd, magic: 'ustar  \0' },
        { name: 'notes/', type: '5', magic: 'ustar  \0' },
        { name: 'notes/deep/', type: '5', magic: 'ustar  \0' },
        { name: 'notes/deep/a.txt', data: 'a\n', magic: 'ustar  \0' },
        { name: 'manifest.json', data: JSON.stringify({ ...manifest, ...extra }, null, 2), magic: 'ustar  \0' },
      );
    return files({ sha256: sha256(files({})) });
  };

  test('log in, publish, search and install', async () => {
    const key = await login('dymo');
    expect((await postJson(hub, '/v1/namespaces', { email: 'dymo@example.com', slug: 'dymo' })).status).toBe(409);
    expect((await postJson(hub, '/v1/namespaces', { email: 'dymo@example.com', slug: 'NO' })).status).toBe(422);
    expect(await publish(hub, key, packed('1.0.0'))).toBe('pass');
    const found = read(await send(hub, 'GET', '/v1/search?q=color'), 200, wire.search);
    expect(found).toMatchObject({ total: 1, page: 1, packages: [{ namespace: 'dymo', verification: 'self_signed' }] });
    const { metadata, archive, signature } = await install('dymo', 'color-analysis');
    expect(archive).toEqual(new Uint8Array(packed('1.0.0')));
    expect(metadata.cert_chain_pem).toEqual([]);
    const ca = new X509Certificate((await send(hub, 'GET', '/v1/ca.pem')).body);
    expect(verify('sha256', archive, ca.publicKey, signature)).toBe(true);
  });

  test('a code from the mail buys a new key', async () => {
    await login('recover');
    const body = { email: 'recover@example.com', namespace: 'recover' };
    const sent = await postJson(hub, '/v1/auth/login', body);
    expect([sent.status, sent.body.length]).toEqual([202, 0]);
    expect((await postJson(hub, '/v1/auth/login', { ...body, email: 'eve@example.com' })).status).toBe(403);
    expect((await postJson(hub, '/v1/auth/login', { ...body, namespace: 'ghost' })).status).toBe(404);
    const [, otp = ''] = /^ {4}(\d{6})\r?$/m.exec(lastMail(hub)) ?? [];
    const { namespace, api_key } = read(
      await postJson(hub, '/v1/auth/token', { namespace: 'recover', otp }),
      200,
      wire.key,
    );
    expect(namespace).toBe('recover');
    expect((await postJson(hub, '/v1/auth/token', { namespace: 'recover', otp })).status).toBe(401);
    expect((await send(hub, 'GET', '/v1/whoami', bearer(api_key))).status).toBe(200);
  });

  test('what it prints of a refusal', async () => {
    const key = await login('refused');
    const raw = { 'content-type': 'application/octet-stream' };
    expect((await send(hub, 'POST', '/v1/publish', raw, packed('1.0.0'))).status).toBe(401);
    const foreign = await send(hub, 'POST', '/v1/publish', { ...raw, ...bearer(key) }, packed('2.0.0'));
    expect(foreign.status).toBe(403);
    const garbage = await send(hub, 'POST', '/v1/publish', { ...raw, ...bearer(key) }, 'no archive');
    expect(garbage.status).toBe(422);
    expect((await send(hub, 'GET', '/v1/packages/dymo/no-such-skill/latest')).status).toBe(404);
    expect((await send(hub, 'GET', '/v1/packages/DYMO/x/latest')).status).toBe(400);
  });
});

describe('skreg 0.4.0', () => {
  const owner = publisher('a');
  const chainOf = async (by = owner, name = 'paints') => [await selfSigned(by, Date.now() - 60_000, { name })];
  const options = { namespace: 'paints', name: 'brush-strokes' };
  let key: string;
  beforeAll(async () => {
    key = await login('paints');
  });

  /** Its verifier: each certificate under the root with RSASSA-PSS, then the declared digest under the first. */
  async function verifyPackage(archive: Uint8Array, rootPem: string): Promise<'self_signed' | 'publisher'> {
    const { bundle } = await readUpload(archive, DEFAULT_LIMITS);
    const file = findFile(bundle, 'manifest.json');
    const manifest = wire.manifest.parse(JSON.parse(new TextDecoder().decode(file?.bytes)));
    const [leaf = '', issuer] = manifest.cert_chain_pem;
    expect(new X509Certificate(leaf).subject).toBe('CN=paints');
    const root = new X509Certificate(rootPem);
    if (issuer !== undefined) {
      expect(new X509Certificate(issuer).verify(root.publicKey)).toBe(true);
      expect(new X509Certificate(leaf).verify(new X509Certificate(issuer).publicKey)).toBe(true);
    }
    checkDigest(new X509Certificate(leaf), manifest.sha256, manifest.publisher_sig_hex ?? '');
    return issuer === undefined ? 'self_signed' : 'publisher';
  }

  /** OpenSSL takes a digest in the place of the message's, as the command's library does. */
  function checkDigest(leaf: X509Certificate, digest: string, signature: string): void {
    const write = (name: string, bytes: Uint8Array | string) => writeFileSync(join(owner.folder, name), bytes);
    write('leaf.pub', leaf.publicKey.export({ type: 'spki', format: 'pem' }));
    write('digest.bin', Buffer.from(digest, 'hex'));
    write('signature.bin', Buffer.from(signature, 'hex'));
    const pss = ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:32', '-pkeyopt', 'digest:sha256'];
    const out = openssl(
      owner.folder,
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      'leaf.pub',
      '-in',
      'digest.bin',
      '-sigfile',
      'signature.bin',
      ...pss,
    );
    expect(out).toContain('Signature Verified Successfully');
  }

  test('pack, publish and install with a key of its own', async () => {
    const archive = signedArchive(owner, await chainOf(), options);
    expect(await publish(hub, key, archive)).toBe('pass');
    const installed = await install('paints', 'brush-strokes');
    expect(installed.archive).toEqual(archive);
    expect(installed.metadata.publisher_sig_hex).toMatch(/^[0-9a-f]{512}$/);
    const root = (await send(hub, 'GET', '/v1/ca.pem')).body.toString();
    expect(await verifyPackage(installed.archive, root)).toBe('self_signed');
  });

  test('another key, too many certificates, a signature that does not fit', async () => {
    const headers = { ...bearer(key), 'content-type': 'application/octet-stream' };
    const refused = async (archive: Uint8Array) => (await send(hub, 'POST', '/v1/publish', headers, archive)).status;
    const next = { ...options, version: '1.0.1' };
    expect(await refused(signedArchive(publisher('b'), await chainOf(publisher('b')), next))).toBe(403);
    const [pem = ''] = await chainOf();
    expect(await refused(signedArchive(owner, [pem, pem, pem], next))).toBe(400);
    expect(await refused(signedArchive(owner, ['A'.repeat(66_000)], next))).toBe(413);
    expect(await refused(signedArchive(owner, [pem], { ...next, manifest: { sha256: '0'.repeat(64) } }))).toBe(400);
    expect(await refused(signedArchive(owner, [pem], { ...next, manifest: { sha256: 'xyz' } }))).toBe(422);
  });

  test('certify, then publish as a verified publisher', async () => {
    const headers = { ...bearer(key), 'content-type': 'text/plain' };
    const request = certificateRequest(owner, 'paints', '-addext', 'subjectAltName=DNS:paints');
    const answer = await send(hub, 'POST', '/v1/namespaces/paints/cert', headers, request);
    const { cert, ca_cert } = read(answer, 200, wire.certificate);
    expect((await send(hub, 'POST', '/v1/namespaces/paints/cert', headers, request)).status).toBe(409);
    expect((await send(hub, 'POST', '/v1/namespaces/dymo/cert', headers, request)).status).toBe(403);
    expect((await send(hub, 'POST', '/v1/namespaces/paints/cert', headers, 'A'.repeat(16_385))).status).toBe(413);
    const root = (await send(hub, 'GET', '/v1/ca.pem')).body.toString();
    expect(ca_cert).toBe(root);

    const version = '1.1.0';
    expect(
      await publish(hub, key, signedArchive(owner, [cert, ca_cert], { ...options, version, body: '# Now\n' })),
    ).toBe('pass');
    const { archive, metadata } = await install('paints', 'brush-strokes', version);
    expect(await verifyPackage(archive, root)).toBe('publisher');
    expect(metadata.cert_chain_pem).toEqual([cert, ca_cert]);
    const found = read(await send(hub, 'GET', '/v1/search?q=brush&verified=true'), 200, wire.search);
    expect(found.packages).toMatchObject([
      { name: 'brush-strokes', verification: 'publisher', latest_version: version },
    ]);
  });

  test('look around: versions, preview, diff', async () => {
    const at = '/v1/packages/paints/brush-strokes';
    const { versions } = read(await send(hub, 'GET', `${at}/versions`), 200, wire.versions);
    expect(versions.map(({ version }) => version)).toEqual(['1.1.0', '1.0.0']);
    const preview = read(await send(hub, 'GET', `${at}/1.1.0/preview`), 200, wire.preview);
    expect(preview).toMatchObject({ truncated: false, skill_md: expect.stringContaining('# Now') });
    const diff = read(await send(hub, 'GET', `${at}/diff`), 200, wire.diff);
    expect([diff.from, diff.to]).toEqual(['1.0.0', '1.1.0']);
    expect(diff.files.map(({ path, status }) => `${status} ${path}`)).toEqual(['modified SKILL.md']);
    expect(diff.files[0]?.hunks[0]?.lines).toContainEqual({ kind: 'insert', text: '# Now' });
    const back = read(await send(hub, 'GET', `${at}/diff?from=1.1.0&to=1.0.0`), 200, wire.diff);
    expect([back.from, back.to]).toEqual(['1.1.0', '1.0.0']);
  });

  test('rotate the key, by mail', async () => {
    const young = publisher('b');
    const now = Date.now();
    const token = {
      namespace: 'paints',
      old_key_fingerprint: owner.fingerprint,
      new_key_fingerprint: young.fingerprint,
      new_cert_chain_pem: await chainOf(young),
      nonce: sha256(String(now)),
      issued_at: new Date(now).toISOString().replace('Z', '123456+00:00'),
      expires_at: new Date(now + 300_000).toISOString().replace('Z', '123456+00:00'),
    };
    const digest = sha256(JSON.stringify(token));
    const body = { token, old_sig: signDigest(owner, digest), new_sig: signDigest(young, digest) };
    const answer = await postJson(hub, '/v1/namespaces/paints/rotate-key', body, bearer(key));
    expect(read(answer, 200, wire.message).message).not.toBe('');
    expect((await postJson(hub, '/v1/namespaces/paints/rotate-key', body, bearer(key))).status).toBe(409);

    const [, link = ''] = /^ {4}(http\S+)\r?$/m.exec(lastMail(hub)) ?? [];
    expect(link).toMatch(/\/v1\/namespaces\/paints\/rotate-key\/confirm\?token=[0-9a-f]{64}$/);
    expect((await send(hub, 'GET', link)).status).toBe(200);
    expect((await send(hub, 'GET', link)).status).toBe(404);
    expect(hub.output()).not.toContain(link.slice(-64));

    const headers = { ...bearer(key), 'content-type': 'application/octet-stream' };
    const stale = signedArchive(owner, await chainOf(), { ...options, version: '1.2.0' });
    expect((await send(hub, 'POST', '/v1/publish', headers, stale)).status).toBe(403);
    expect(await publish(hub, key, signedArchive(young, await chainOf(young), { ...options, version: '1.2.0' }))).toBe(
      'pass',
    );
  });

  test('yank one version, then all', async () => {
    const at = '/v1/packages/paints/brush-strokes';
    expect((await send(hub, 'POST', `${at}/yank`)).status).toBe(401);
    const yank = async (path: string) => read(await send(hub, 'POST', path, bearer(key)), 200, wire.yanked);
    expect(await yank(`${at}/1.1.0/yank`)).toEqual({ yanked: 1 });
    expect(await yank(`${at}/1.1.0/yank`)).toEqual({ yanked: 0 });
    expect(await yank(`${at}/yank`)).toEqual({ yanked: 2 });
    expect(await yank(`${at}/yank`)).toEqual({ yanked: 0 });
    expect((await send(hub, 'GET', `${at}/latest`)).status).toBe(404);
    expect((await send(hub, 'GET', '/v1/download/paints/brush-strokes/1.0.0')).status).toBe(404);
  });
});
