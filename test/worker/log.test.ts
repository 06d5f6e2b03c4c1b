import { applyD1Migrations, createExecutionContext, env } from 'cloudflare:test';
import { beforeAll, expect, inject, test } from 'vitest';
import { encodePem } from '../../src/format/pem.ts';
import { openCheckpoint } from '../../src/format/tlog/checkpoint.ts';
import { emptyRoot } from '../../src/format/tlog/merkle.ts';
import { parseVerifierKey } from '../../src/format/tlog/verifier-key.ts';
import worker from '../../src/worker.ts';

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS));

async function newLogKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('Ed25519 makes pairs of keys');
  const der = await crypto.subtle.exportKey('pkcs8', pair.privateKey);
  if (!(der instanceof ArrayBuffer)) throw new Error('PKCS#8 is bytes');
  return encodePem(new Uint8Array(der), 'PRIVATE KEY');
}

test('workerd signs a checkpoint that the key of the log opens', async () => {
  const bindings = {
    ...env,
    REGISTRY_KEY: inject('registryKey').trim(),
    SESSION_KEY: 'cd'.repeat(32),
    LOG_KEY: await newLogKey(),
    LOG_ORIGIN: 'hub.test/log',
  };
  const get = (path: string) =>
    worker.fetch(
      new Request<unknown, IncomingRequestCfProperties>(`http://hub.test${path}`),
      bindings,
      createExecutionContext(),
    );
  const { log } = await (await get('/v1/keys/registry')).json<{ log: { name: string; key: string } }>();
  const key = await parseVerifierKey(log.key);
  const note = await (await get('/log/checkpoint')).text();
  expect(log.name).toBe('hub.test/log');
  expect(key && (await openCheckpoint(note, key))).toMatchObject({ size: 0, root: await emptyRoot() });
});
