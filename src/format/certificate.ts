import type { X509Certificate } from '@peculiar/x509';
import { FormatError } from './format-error.ts';
import { decodePem, encodePem } from './pem.ts';
import { keyFingerprint, type RsaKey, readRsaKey } from './rsa-key.ts';
import { loadX509, signatureScheme } from './x509.ts';

/** An X.509 certificate of an RSA key that names one common name. */
export interface Certificate {
  /** The same bytes in the form of `encodePem`. */
  pem: string;
  /** Lower-case hex. */
  serial: string;
  commonName: string;
  /** Milliseconds since the epoch; both ends belong to the time in which it is valid. */
  notBefore: number;
  notAfter: number;
  key: RsaKey;
  /** SubjectPublicKeyInfo in PEM, and its SHA-256 in hex. */
  keyPem: string;
  fingerprint: string;
  /** Whether this key (SubjectPublicKeyInfo in PEM) signed it, with RSA and SHA-256 or better. Looks at no dates. */
  isSignedBy(keyPem: string): Promise<boolean>;
}

/**
 * Reads one certificate.
 *
 * @param place what the text is, for the error, e.g. `manifest.json: cert_chain_pem[0]`
 * @throws FormatError `invalid_certificate`
 */
export async function readCertificate(text: string, place: string): Promise<Certificate> {
  const der = decodePem(text, 'CERTIFICATE');
  if (!der) throw invalid(place, 'is not one certificate in PEM');
  const parsed = await parse(der, place);
  const spki = new Uint8Array(parsed.publicKey.rawData);
  const key = await readRsaKey(spki);
  if (!key) throw invalid(place, 'has no RSA key of 2048 to 8192 bits');
  const [commonName, ...others] = parsed.subjectName.getField('CN');
  if (commonName === undefined || others.length > 0) throw invalid(place, 'does not name exactly one common name');
  return {
    pem: encodePem(der, 'CERTIFICATE'),
    serial: parsed.serialNumber.toLowerCase(),
    commonName,
    notBefore: parsed.notBefore.getTime(),
    notAfter: parsed.notAfter.getTime(),
    key,
    keyPem: encodePem(spki, 'PUBLIC KEY'),
    fingerprint: await keyFingerprint(spki),
    isSignedBy: (keyPem) => isSignedBy(parsed, keyPem),
  };
}

async function parse(der: Uint8Array, place: string): Promise<X509Certificate> {
  const { X509Certificate } = await loadX509();
  try {
    const parsed = new X509Certificate(der);
    // The library reads most of a certificate when asked for it.
    void [parsed.publicKey.rawData, parsed.subjectName, parsed.notBefore, parsed.notAfter, parsed.signatureAlgorithm];
    return parsed;
  } catch (cause) {
    throw invalid(place, 'is not a certificate that can be read', cause);
  }
}

const STRONG = /^(RSASSA-PKCS1-v1_5|RSA-PSS) SHA-(256|384|512)$/;

async function isSignedBy(certificate: X509Certificate, keyPem: string): Promise<boolean> {
  const spki = decodePem(keyPem, 'PUBLIC KEY');
  if (!spki || !STRONG.test(signatureScheme(certificate.signatureAlgorithm) ?? '')) return false;
  try {
    return await certificate.verify({ publicKey: spki, signatureOnly: true });
  } catch {
    // WebCrypto throws at parameters that it does not know: then nobody can tell that the key signed this.
    return false;
  }
}

function invalid(place: string, problem: string, cause?: unknown): FormatError {
  return new FormatError('invalid_certificate', `${place} ${problem}.`, {
    fix: 'Send X.509 certificates of RSA keys in PEM, one a string.',
    cause,
  });
}
