import { FormatError } from './format-error.ts';
import { decodePem } from './pem.ts';
import { keyFingerprint, readRsaKey } from './rsa-key.ts';
import { loadX509, signatureScheme } from './x509.ts';

const LABELS = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'];

export interface CertificateRequest {
  /** SubjectPublicKeyInfo in DER, and its SHA-256 in hex. */
  spki: Uint8Array;
  fingerprint: string;
}

/**
 * Reads a PKCS#10 request in PEM for a certificate of `name`: the common name and, where given, the one alternative name
 * have to be it; the key is RSA of 2048 bits or more; and the request is signed by that key with sha256WithRSAEncryption.
 * Whatever else it asks for is passed over.
 *
 * @throws FormatError `invalid_certificate_request`
 */
export async function readCertificateRequest(text: string, name: string): Promise<CertificateRequest> {
  const der = LABELS.map((label) => decodePem(text, label)).find((bytes) => bytes !== undefined);
  if (!der) throw invalid('it is not one request in PEM');
  const { request, common, alternative } = await parse(der);
  if (common.length !== 1 || common[0] !== name) throw invalid(`its common name has to be '${name}'`);
  if (alternative.some((other) => other !== `dns:${name}`)) throw invalid(`its alternative name has to be '${name}'`);
  const spki = new Uint8Array(request.publicKey.rawData);
  if (!(await readRsaKey(spki))) throw invalid('its key is not RSA of 2048 to 8192 bits');
  if (signatureScheme(request.signatureAlgorithm) !== 'RSASSA-PKCS1-v1_5 SHA-256') {
    throw invalid('it is not signed with sha256WithRSAEncryption');
  }
  if (!(await request.verify())) throw invalid('its signature does not fit its key');
  return { spki, fingerprint: await keyFingerprint(spki) };
}

async function parse(der: Uint8Array) {
  const { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } = await loadX509();
  try {
    const request = new Pkcs10CertificateRequest(der);
    const alternative = request.extensions
      .filter((extension) => extension instanceof SubjectAlternativeNameExtension)
      .flatMap(({ names }) => names.items.map(({ type, value }) => `${type}:${value}`));
    return { request, common: request.subjectName.getField('CN'), alternative };
  } catch (cause) {
    throw invalid('it cannot be read', cause);
  }
}

function invalid(problem: string, cause?: unknown): FormatError {
  return new FormatError('invalid_certificate_request', `The request cannot be granted: ${problem}.`, {
    fix: "Make it with: openssl req -new -sha256 -key publisher.key -subj '/CN=<namespace>'",
    cause,
  });
}
