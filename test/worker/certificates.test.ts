import { expect, inject, test } from 'vitest';
import { rsaSigner } from '../../src/adapters/signer-rsa.ts';
import { readCertificate } from '../../src/format/certificate.ts';
import { sha256Hex } from '../../src/format/digest.ts';
import { fromHex } from '../../src/format/hex.ts';
import { makeCertificate } from '../../src/format/make-certificate.ts';
import { decodePem } from '../../src/format/pem.ts';
import { verifyPss } from '../../src/format/pss.ts';
import { readRsaKey } from '../../src/format/rsa-key.ts';

async function registryKey() {
  const signer = rsaSigner(inject('registryKey').trim());
  const { pem } = await signer.key();
  const spki = decodePem(pem, 'PUBLIC KEY');
  if (!spki) throw new Error('the key of the registry is no PEM');
  return { signer, pem, spki };
}

test('in workerd, a certificate is made, read and verified', async () => {
  const { signer, pem, spki } = await registryKey();
  const notBefore = Date.UTC(2026, 0, 1);
  const names = { subject: 'acme', issuer: 'Skills Hub registry', subjectKey: spki, issuerKey: spki };
  const content = { serial: '7f00', ...names, notBefore, notAfter: notBefore + 1000, authority: false };
  const made = await makeCertificate(content, async (bytes) => (await signer.signPss(bytes)).signature);
  const read = await readCertificate(made, 'the certificate');
  expect(read).toMatchObject({ pem: made, serial: '7f00', commonName: 'acme', notBefore, notAfter: notBefore + 1000 });
  expect(read.fingerprint).toBe(await sha256Hex(spki));
  expect(await read.isSignedBy(pem)).toBe(true);
});

test('in workerd, a signature over a digest is verified', async () => {
  const { signer, spki } = await registryKey();
  const key = await readRsaKey(spki);
  if (!key) throw new Error('the key of the registry is not taken');
  const bytes = new TextEncoder().encode('what is signed');
  const { signature } = await signer.signPss(bytes);
  expect(await verifyPss(key, fromHex(await sha256Hex(bytes)), signature)).toBe(true);
  expect(await verifyPss(key, fromHex(await sha256Hex(signature)), signature)).toBe(false);
});
