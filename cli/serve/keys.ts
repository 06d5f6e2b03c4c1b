import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../user-error.ts';

export interface HubKeys {
  /** RSA-4096, PKCS#8 PEM. */
  registryKey: string;
  /** Those that it took the place of, PKCS#8 PEM, oldest first; empty before the first rotation. */
  previousRegistryKeys: string;
  /** Ed25519, PKCS#8 PEM; signs the checkpoints of the transparency log. */
  logKey: string;
  /** 32 bytes in hex. */
  sessionKey: string;
  /** 32 bytes in hex; seals provider credentials at rest. */
  vaultKey: string;
  operatorKey: string;
  operatorKeySha256: string;
  /** True when this start made the operator key, so that it has to be shown. */
  operatorKeyIsNew: boolean;
}

const CURRENT = 'registry.pem';
const PREVIOUS = 'registry-previous.pem';

/** Reads the hub's secrets from `<data>/keys`, making those that are missing. Files have mode 0600. */
export async function ensureKeys(dataPath: string): Promise<HubKeys> {
  const directory = join(dataPath, 'keys');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const registryKey = await ensureFile(join(directory, CURRENT), newRegistryKey);
  const logKey = await ensureFile(join(directory, 'log.key'), newLogKey);
  const sessionKey = await ensureFile(join(directory, 'session.key'), async () => randomBytes(32).toString('hex'));
  const vaultKey = await ensureFile(join(directory, 'vault.key'), async () => randomBytes(32).toString('hex'));
  const operatorKey = await ensureFile(
    join(directory, 'operator.key'),
    async () => `skh_${randomBytes(32).toString('hex')}`,
  );
  return {
    registryKey: registryKey.content,
    previousRegistryKeys: readIfThere(join(directory, PREVIOUS)),
    logKey: logKey.content,
    sessionKey: sessionKey.content,
    vaultKey: vaultKey.content,
    operatorKey: operatorKey.content,
    operatorKeySha256: createHash('sha256').update(operatorKey.content).digest('hex'),
    operatorKeyIsNew: operatorKey.created,
  };
}

/**
 * Puts a new registry key in the place of the one in `<data>/keys`, which is kept beside it: it signs that the new one is its
 * successor. The hub must not run meanwhile.
 *
 * @throws UserError when there is no key yet
 */
export async function rotateRegistryKey(dataPath: string): Promise<void> {
  const directory = join(dataPath, 'keys');
  const current = readIfThere(join(directory, CURRENT));
  if (current === '')
    throw new UserError(`There is no registry key in ${directory}.`, 'Name the folder of a hub with --data.');
  const next = await newRegistryKey();
  // In this order a crash in between leaves the old key in use.
  writeWhole(join(directory, PREVIOUS), [readIfThere(join(directory, PREVIOUS)), current].filter(Boolean).join('\n'));
  writeWhole(join(directory, CURRENT), next);
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

function writeWhole(file: string, content: string): void {
  writeFileSync(`${file}.new`, `${content}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

async function newRegistryKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 4096,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return privateKey.trim();
}

async function newLogKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return privateKey.trim();
}

/** A key file is whole or absent: it is written beside its place and moved there. */
async function ensureFile(file: string, make: () => Promise<string>): Promise<{ content: string; created: boolean }> {
  if (existsSync(file)) return { content: readFileSync(file, 'utf8').trim(), created: false };
  const content = await make();
  writeWhole(file, content);
  return { content, created: true };
}
