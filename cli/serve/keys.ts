import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface HubKeys {
  /** RSA-4096, PKCS#8 PEM. */
  registryKey: string;
  /** 32 bytes in hex. */
  sessionKey: string;
  /** 32 bytes in hex; seals provider credentials at rest. */
  vaultKey: string;
  operatorKey: string;
  operatorKeySha256: string;
  /** True when this start made the operator key, so that it has to be shown. */
  operatorKeyIsNew: boolean;
}

/** Reads the hub's secrets from `<data>/keys`, making those that are missing. Files have mode 0600. */
export async function ensureKeys(dataPath: string): Promise<HubKeys> {
  const directory = join(dataPath, 'keys');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const registryKey = await ensureFile(join(directory, 'registry.pem'), newRegistryKey);
  const sessionKey = await ensureFile(join(directory, 'session.key'), async () => randomBytes(32).toString('hex'));
  const vaultKey = await ensureFile(join(directory, 'vault.key'), async () => randomBytes(32).toString('hex'));
  const operatorKey = await ensureFile(
    join(directory, 'operator.key'),
    async () => `skh_${randomBytes(32).toString('hex')}`,
  );
  return {
    registryKey: registryKey.content,
    sessionKey: sessionKey.content,
    vaultKey: vaultKey.content,
    operatorKey: operatorKey.content,
    operatorKeySha256: createHash('sha256').update(operatorKey.content).digest('hex'),
    operatorKeyIsNew: operatorKey.created,
  };
}

async function newRegistryKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 4096,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return privateKey.trim();
}

/** A key file is whole or absent: it is written beside its place and moved there. */
async function ensureFile(file: string, make: () => Promise<string>): Promise<{ content: string; created: boolean }> {
  if (existsSync(file)) return { content: readFileSync(file, 'utf8').trim(), created: false };
  const content = await make();
  writeFileSync(`${file}.new`, `${content}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { content, created: true };
}
