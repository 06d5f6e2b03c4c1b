import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as x509 from '@peculiar/x509';
import { END_OF_TAR, type TarEntry, tarEntry } from './archives.ts';

const DAY_MS = 24 * 60 * 60_000;

/** What skreg's command keeps in ~/.skreg/keys: OpenSSL does the cryptography, as the command's own library does there. */
export interface Publisher {
  privatePem: string;
  publicPem: string;
  /** SHA-256 (hex) of the SubjectPublicKeyInfo in DER. */
  fingerprint: string;
  folder: string;
}

/** Making keys takes time, so tests share them. */
const known = new Map<string, Publisher>();

export function publisher(label: string, bits = 2048): Publisher {
  const name = `${label}-${bits}`;
  const found = known.get(name) ?? newPublisher(bits);
  known.set(name, found);
  return found;
}

function newPublisher(bits: number): Publisher {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const folder = mkdtempSync(join(tmpdir(), 'skills-hub-publisher-'));
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(folder, 'publisher.key'), privatePem);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privatePem,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: createHash('sha256').update(spki).digest('hex'),
    folder,
  };
}

export function openssl(folder: string, ...args: string[]): string {
  return execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** RSASSA-PSS over 32 bytes that take the place of the hash; hex, as `publisher_sig_hex` has it. */
export function signDigest({ folder }: Publisher, digestHex: string, salt = '32'): string {
  writeFileSync(join(folder, 'digest'), Buffer.from(digestHex, 'hex'));
  const pss = ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', `rsa_pss_saltlen:${salt}`, '-pkeyopt', 'digest:sha256'];
  openssl(folder, 'pkeyutl', '-sign', '-inkey', 'publisher.key', '-in', 'digest', '-out', 'signature', ...pss);
  return readFileSync(join(folder, 'signature')).toString('hex');
}

/** A PKCS#10 request in PEM. */
export function certificateRequest({ folder }: Publisher, name: string, ...options: string[]): string {
  return openssl(folder, 'req', '-new', '-sha256', '-key', 'publisher.key', '-subj', `/CN=${name}`, ...options);
}

export interface SelfSigned {
  name?: string;
  notBefore?: number;
  notAfter?: number;
  hash?: string;
  /** Who signs it, if not its own key. */
  signer?: Publisher;
}

/** A certificate as the command makes it: sha256WithRSAEncryption, 90 days, the namespace as common name. */
export async function selfSigned(owner: Publisher, now: number, options: SelfSigned = {}): Promise<string> {
  const { name = 'acme', notBefore = now, notAfter = now + 90 * DAY_MS, hash = 'SHA-256', signer = owner } = options;
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash };
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [name] }],
    issuer: [{ CN: [name] }],
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    publicKey: der(owner.publicPem),
    signingKey: await crypto.subtle.importKey('pkcs8', der(signer.privatePem), algorithm, false, ['sign']),
    signingAlgorithm: algorithm,
  });
  return certificate.toString('pem');
}

function der(pem: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
}

export interface SkregSkill {
  namespace?: string;
  name?: string;
  version?: string;
  body?: string;
  /** What `manifest.json` says beside the rest. */
  manifest?: Record<string, unknown>;
}

/** The archive that the command makes: GNU headers, directories among the entries, and first a manifest of type NUL. */
export function skregArchive(options: SkregSkill = {}): Uint8Array {
  const { namespace = 'acme', name = 'pdf-tools', version = '1.0.0', body = '# How to\n\nDo it well.\n' } = options;
  const description = 'Reads, fills and merges PDF files for an agent.';
  const skillMd = `---\nname: ${name}\ndescription: ${description}\nmetadata:\n  version: "${version}"\n---\n${body}`;
  const manifest = {
    namespace,
    name,
    version,
    description,
    category: null,
    sha256: '0'.repeat(64),
    cert_chain_pem: [],
  };
  const gnu = (entry: TarEntry) => tarEntry({ magic: 'ustar  \0', ...entry });
  const entries = [
    gnu({ name: 'manifest.json', data: JSON.stringify({ ...manifest, ...options.manifest }), type: '\0' }),
    gnu({ name: 'SKILL.md', data: skillMd }),
    gnu({ name: 'references/', type: '5', mode: 0o755 }),
    gnu({ name: 'references/forms.md', data: '# Forms\n' }),
  ];
  return new Uint8Array(gzipSync(Buffer.concat([...entries, END_OF_TAR])));
}

/** The same, signed: over the digest of a first archive whose manifest says nothing of signatures. */
export function signedArchive(owner: Publisher, chain: string[], options: SkregSkill = {}): Uint8Array {
  const sha256 = createHash('sha256').update(skregArchive(options)).digest('hex');
  const signature = { sha256, cert_chain_pem: chain, publisher_sig_hex: signDigest(owner, sha256) };
  return skregArchive({ ...options, manifest: { ...signature, ...options.manifest } });
}
