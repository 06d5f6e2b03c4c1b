import { loadX509 } from './x509.ts';

/** What a certificate says. Both names are common names alone. */
export interface CertificateContent {
  /** Hex; the first digit is 1 to 7, so that it is a positive number without leading zeros. */
  serial: string;
  subject: string;
  issuer: string;
  /** The subject's SubjectPublicKeyInfo in DER, and the issuer's. */
  subjectKey: Uint8Array;
  issuerKey: Uint8Array;
  /** Milliseconds since the epoch; certificates keep whole seconds. */
  notBefore: number;
  notAfter: number;
  /** An authority signs certificates of others; anybody else has its name as alternative name and signs code. */
  authority: boolean;
}

const PSS = { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 };

/**
 * Makes a certificate in PEM (X.509 v3).
 *
 * @param sign RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes, by the issuer's key
 */
export async function makeCertificate(
  content: CertificateContent,
  sign: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const { X509CertificateGenerator } = await loadX509();
  const params = {
    serialNumber: content.serial,
    subject: [{ CN: [content.subject] }],
    issuer: [{ CN: [content.issuer] }],
    notBefore: new Date(content.notBefore),
    notAfter: new Date(content.notAfter),
    publicKey: content.subjectKey,
    signingAlgorithm: PSS,
    extensions: await extensionsOf(content),
  };
  // The library takes a signature only with all the rest: the first pass tells what there is to sign.
  const draft = await X509CertificateGenerator.create({ ...params, signature: new Uint8Array(1) });
  const signature = await sign(signedPart(new Uint8Array(draft.rawData)));
  return `${(await X509CertificateGenerator.create({ ...params, signature })).toString('pem')}\n`;
}

/** The first element of the outer sequence, header and all: what the signature of a certificate is over. */
function signedPart(der: Uint8Array): Uint8Array {
  const outer = contentOf(der, 0);
  return der.subarray(outer.start, contentOf(der, outer.start).end);
}

/** Where the content of the DER element at `at` begins and ends. */
function contentOf(der: Uint8Array, at: number): { start: number; end: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const start = at + 2 + (first & 0x7f);
  const length = der.subarray(at + 2, start).reduce((total, byte) => total * 256 + byte, 0);
  return { start, end: start + length };
}

async function extensionsOf({ authority, subject, subjectKey, issuerKey }: CertificateContent) {
  const x509 = await loadX509();
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  const identifiers = [
    await x509.SubjectKeyIdentifierExtension.create(new x509.PublicKey(subjectKey)),
    await x509.AuthorityKeyIdentifierExtension.create(new x509.PublicKey(issuerKey)),
  ];
  if (authority) {
    return [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      ...identifiers,
    ];
  }
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.codeSigning]),
    new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: subject }]),
    ...identifiers,
  ];
}
