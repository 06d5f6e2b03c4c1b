import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { rsaSigner } from '../../src/adapters/signer-rsa.ts';
import { certificateRequest, openssl, type Publisher, publisher } from '../support/publisher.ts';
import { bearer, furtherKey, newNamespace, problemOf, streamed, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const DAY = 24 * 60 * 60_000;
const CERT = '/v1/namespaces/acme/cert';
const owner = publisher('a');

const ask = (world: World, headers: Record<string, string>, body: string, path = CERT) =>
  world.fetch(path, { method: 'POST', headers: { 'content-type': 'text/plain', ...headers }, body });
const revoke = (world: World, headers: Record<string, string>) => world.fetch(CERT, { method: 'DELETE', headers });

async function issue(world: World, headers: Record<string, string>, request = certificateRequest(owner, 'acme')) {
  const response = await ask(world, headers, request);
  expect(response.status).toBe(200);
  return response.json<{ cert: string; ca_cert: string }>();
}

/** What OpenSSL says of a chain at the time of the world. */
function verify({ folder }: Publisher, world: World, root: string, certificate: string): string {
  writeFileSync(join(folder, 'root.pem'), root);
  writeFileSync(join(folder, 'leaf.pem'), certificate);
  const at = String(Math.floor(world.clock.now() / 1000));
  return openssl(folder, 'verify', '-x509_strict', '-attime', at, '-CAfile', 'root.pem', 'leaf.pem');
}

test('a namespace gets a certificate for its key, which OpenSSL verifies under the authority', async () => {
  const { world, headers } = await worldWithKey();
  const { cert, ca_cert } = await issue(world, headers);
  expect(verify(owner, world, ca_cert, cert)).toBe('leaf.pem: OK\n');
  expect(verify(owner, world, ca_cert, ca_cert)).toBe('leaf.pem: OK\n');

  const leaf = new X509Certificate(cert);
  expect(leaf.subject).toBe('CN=acme');
  expect(leaf.issuer).toBe('CN=Skills Hub registry');
  expect(leaf.subjectAltName).toBe('DNS:acme');
  expect(leaf.ca).toBe(false);
  expect(leaf.publicKey.export({ type: 'spki', format: 'pem' })).toBe(owner.publicPem);
  expect(leaf.validToDate.getTime() - world.clock.now()).toBe(90 * DAY);

  const root = new X509Certificate(ca_cert);
  expect(root.ca).toBe(true);
  const { pem } = await rsaSigner(inject('registryKey')).key();
  expect(root.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim()).toBe(pem.trim());
});

test('both are signed with RSASSA-PSS and a salt of 32 bytes', async () => {
  const { world, headers } = await worldWithKey();
  const issued = await issue(world, headers);
  for (const pem of [issued.cert, issued.ca_cert]) {
    writeFileSync(join(owner.folder, 'shown.pem'), pem);
    const text = openssl(owner.folder, 'x509', '-in', 'shown.pem', '-noout', '-text');
    expect(text).toContain('Signature Algorithm: rsassaPss');
    expect(text).toContain('Hash Algorithm: sha256');
    expect(text).toContain('Mask Algorithm: mgf1 with sha256');
    expect(text).toContain('Salt Length: 0x20');
  }
});

test('the authority has one certificate, however often and by how many at once it is asked for', async () => {
  const { world, headers } = await worldWithKey();
  const pems = await Promise.all(Array.from({ length: 4 }, async () => (await world.fetch('/v1/ca.pem')).text()));
  expect(new Set(pems).size).toBe(1);
  world.advance(DAY);
  const response = await world.fetch('/v1/ca.pem');
  expect(response.headers.get('content-type')).toBe('application/x-pem-file');
  expect(response.headers.get('cache-control')).toBe('public, max-age=30');
  expect(await response.text()).toBe(pems[0]);
  expect((await issue(world, headers)).ca_cert).toBe(pems[0]);
});

test.each([
  ['no PEM at all', () => 'hello'],
  ['nothing', () => ''],
  ['a certificate', () => certificateRequest(owner, 'acme').replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
  ['two requests', () => certificateRequest(owner, 'acme').repeat(2)],
  [
    'garbage in PEM',
    () => `-----BEGIN CERTIFICATE REQUEST-----\n${'A'.repeat(64)}\n-----END CERTIFICATE REQUEST-----\n`,
  ],
  ['another name', () => certificateRequest(owner, 'umbrella')],
  ['two names', () => certificateRequest(owner, 'acme/CN=acme')],
  ['another alternative name', () => certificateRequest(owner, 'acme', '-addext', 'subjectAltName=DNS:umbrella')],
  ['a second alternative name', () => certificateRequest(owner, 'acme', '-addext', 'subjectAltName=DNS:acme,DNS:x')],
  ['SHA-1', () => certificateRequest(owner, 'acme', '-sha1')],
  ['SHA-512', () => certificateRequest(owner, 'acme', '-sha512')],
  ['PSS', () => certificateRequest(owner, 'acme', '-sigopt', 'rsa_padding_mode:pss')],
  ['a key that is too short', () => certificateRequest(publisher('short', 1024), 'acme')],
  ['a signature that does not fit', () => withBrokenSignature(certificateRequest(owner, 'acme'))],
  ['an elliptic curve', () => curveRequest()],
])('a request with %s is refused', async (_, request) => {
  const { world, headers } = await nothingIssued();
  expect(await problemOf(await ask(world, headers, request()))).toMatchObject({
    status: 422,
    code: 'invalid_certificate_request',
  });
  const { rows } = await world.client.execute('SELECT count(*) AS n FROM certificates');
  expect(rows[0]?.n).toBe(0);
});

/** One world for all requests that leave nothing behind. */
let shared: ReturnType<typeof worldWithKey> | undefined;
function nothingIssued() {
  shared ??= worldWithKey();
  return shared;
}

function withBrokenSignature(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  return `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
}

function curveRequest(): string {
  openssl(owner.folder, 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'curve.key');
  return openssl(owner.folder, 'req', '-new', '-sha256', '-key', 'curve.key', '-subj', '/CN=acme');
}

test('what a request asks for beside its name is passed over', async () => {
  const { world, headers } = await worldWithKey();
  const request = certificateRequest(
    owner,
    'acme',
    '-addext',
    'subjectAltName=DNS:acme',
    '-addext',
    'basicConstraints=CA:TRUE',
  );
  expect(new X509Certificate((await issue(world, headers, request)).cert).ca).toBe(false);
});

test('a request is read up to 16 KiB, whatever its length is said to be', async () => {
  const { world, headers } = await worldWithKey();
  const chunk = new Uint8Array(9 * 1024).fill(0x41);
  const large = { status: 413, code: 'payload_too_large', detail: 'The body is larger than 16384 bytes.' };
  expect(await problemOf(await ask(world, headers, 'A'.repeat(16 * 1024 + 1)))).toMatchObject(large);
  expect(await problemOf(await world.fetch(streamed(CERT, headers, chunk, chunk)))).toMatchObject(large);
  expect((await ask(world, headers, 'A'.repeat(16 * 1024))).status).toBe(422);
});

test('only a key with admin of the namespace gets, or ends, its certificate', async () => {
  const { world, key, headers } = await worldWithKey();
  const neighbour = await newNamespace(world, 'umbrella');
  const weak = await furtherKey(world, key, ['publish']);
  const request = certificateRequest(owner, 'acme');
  await issue(world, headers, request);
  for (const act of [
    (as: Record<string, string>) => ask(world, as, request),
    (as: Record<string, string>) => revoke(world, as),
  ]) {
    expect(await problemOf(await act({}))).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(await problemOf(await act(neighbour.headers))).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await problemOf(await act(weak.headers))).toMatchObject({ status: 403, code: 'forbidden' });
  }
  expect((await revoke(world, headers)).status).toBe(204);
});

test('an operator gets one for any namespace that there is', async () => {
  const { world } = await worldWithKey();
  const ghost = certificateRequest(owner, 'ghost');
  expect(await problemOf(await ask(world, bearer(OPERATOR_KEY), ghost, '/v1/namespaces/ghost/cert'))).toMatchObject({
    status: 404,
    code: 'not_found',
  });
  await issue(world, bearer(OPERATOR_KEY));
});

test('a namespace has one certificate at a time, until it expires or is revoked', async () => {
  const { world, headers } = await worldWithKey();
  const request = certificateRequest(owner, 'acme');
  const { cert } = await issue(world, headers, request);
  expect(await problemOf(await ask(world, headers, request))).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: `'acme' has a certificate already, with the serial ${new X509Certificate(cert).serialNumber.toLowerCase()}.`,
  });
  world.advance(90 * DAY - 1);
  expect((await ask(world, headers, request)).status).toBe(409);
  world.advance(1);
  const second = await issue(world, headers, request);
  expect(second.cert).not.toBe(cert);
  expect((await revoke(world, headers)).status).toBe(204);
  expect(await problemOf(await revoke(world, headers))).toMatchObject({ status: 404, code: 'not_found' });
  await issue(world, headers, request);
});

test('requests at the same time get one certificate', async () => {
  const { world, headers } = await worldWithKey();
  const request = certificateRequest(owner, 'acme');
  const answers = await Promise.all(Array.from({ length: 4 }, () => ask(world, headers, request)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
});

test('the sixth certificate within a day is refused, and says when there is another one', async () => {
  const { world, headers } = await worldWithKey();
  const request = certificateRequest(owner, 'acme');
  for (let at = 0; at < 5; at++) {
    await issue(world, headers, request);
    expect((await revoke(world, headers)).status).toBe(204);
    world.advance(DAY / 24);
  }
  const refused = await ask(world, headers, request);
  expect(refused.headers.get('retry-after')).toBe(String(19 * 3600));
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'too_many_certificates' });
  world.advance((19 * DAY) / 24);
  await issue(world, headers, request);
});

test('without the signing key nothing is issued', async () => {
  const { world, headers } = await worldWithKey();
  const { signer } = world.deps;
  world.deps.signer = { ...signer, signPss: () => Promise.reject(new Error('vault sealed')) };
  for (const response of [
    await ask(world, headers, certificateRequest(owner, 'acme')),
    await world.fetch('/v1/ca.pem'),
  ]) {
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' });
  }
  world.deps.signer = signer;
  await issue(world, headers);
});
