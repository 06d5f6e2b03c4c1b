import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureKeys } from '../../cli/serve/keys.ts';
import { ed25519LogSigner } from '../../src/adapters/log-signer-ed25519.ts';

test('a data directory gets a key of the log, also one from before there was a log, and keeps it', async () => {
  const data = mkdtempSync(join(tmpdir(), 'skills-hub-'));
  onTestFinished(() => rmSync(data, { recursive: true }));
  const file = join(data, 'keys/log.key');
  const { registryKey, logKey } = await ensureKeys(data);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toBe(`${logKey}\n`);
  expect((await ensureKeys(data)).logKey).toBe(logKey);
  rmSync(file);
  const later = await ensureKeys(data);
  expect(later.registryKey).toBe(registryKey);
  expect(later.logKey).not.toBe(logKey);
  const key = await ed25519LogSigner(later.logKey).key();
  expect(key).toMatchObject({ name: expect.stringMatching(/^skills-hub\/[0-9a-f]{16}$/), id: expect.any(String) });
  expect((await ed25519LogSigner(later.logKey, 'hub.example.com/log').key()).publicKey).toEqual(key.publicKey);
  await expect(ed25519LogSigner('no key').key()).rejects.toThrow('no private key in PKCS#8 PEM');
}, 60_000);
