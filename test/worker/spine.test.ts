import { applyD1Migrations, createExecutionContext, createMessageBatch, env, getQueueResult } from 'cloudflare:test';
import { beforeAll, expect, inject, test } from 'vitest';
import type { JobMessage } from '../../src/core/deps.ts';
import worker from '../../src/worker.ts';
import { tarGz } from '../support/bundles.ts';

const sent: JobMessage[] = [];
const bindings = () => ({
  ...env,
  JOBS: { send: async (message: JobMessage) => void sent.push(message) } as unknown as Queue,
  REGISTRY_KEY: inject('registryKey').trim(),
  SESSION_KEY: 'cd'.repeat(32),
});

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS));

async function request(path: string, init?: RequestInit<IncomingRequestCfProperties>): Promise<Response> {
  const hubRequest = new Request<unknown, IncomingRequestCfProperties>(`http://hub.test${path}`, init);
  return worker.fetch(hubRequest, bindings(), createExecutionContext());
}

async function work(): Promise<unknown> {
  const batch = createMessageBatch(
    'skills-hub-jobs',
    sent.splice(0).map((body, i) => ({ id: String(i), timestamp: new Date(), attempts: 1, body })),
  );
  const context = createExecutionContext();
  await worker.queue(batch, bindings());
  return (await getQueueResult(batch, context)).explicitAcks;
}

test('in workerd, on D1 and R2, an upload becomes a signed version that can be fetched', async () => {
  const json = { 'content-type': 'application/json' };
  const created = await request('/v1/namespaces', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ slug: 'acme', email: 'a@example.com' }),
  });
  const { api_key } = await created.json<{ api_key: string }>();
  const archive = await tarGz();
  const accepted = await request('/v1/publish', {
    method: 'POST',
    headers: { authorization: `Bearer ${api_key}` },
    body: archive,
  });
  expect(accepted.status).toBe(202);
  expect(await work()).toEqual(['0']);
  const { job_id } = await accepted.json<{ job_id: string }>();
  expect(await (await request(`/v1/jobs/${job_id}`)).json()).toMatchObject({ status: 'pass' });
  expect(await (await request('/v1/search?q=pdf')).json()).toMatchObject({
    total: 1,
    packages: [{ name: 'pdf-tools' }],
  });
  const download = await request('/v1/download/acme/pdf-tools/^1.0.0');
  expect(new Uint8Array(await download.arrayBuffer())).toEqual(archive);
  expect((await (await request('/v1/download/acme/pdf-tools/1.0.0/sig')).arrayBuffer()).byteLength).toBe(512);
});

test('as many downloads as fit into a message are sent and counted at once', async () => {
  // Five hundred with the one of the test before.
  for (let i = 0; i < 499; i++) {
    const headers = { 'cf-connecting-ip': `192.0.${i >> 8}.${i & 255}` };
    const download = await request('/v1/download/acme/pdf-tools/1.0.0', { headers });
    expect(download.status).toBe(200);
    await download.arrayBuffer();
  }
  await expect.poll(() => sent.length).toBe(1);
  expect(await work()).toEqual(['0']);
  const counted = await request('/v1/packages/acme/pdf-tools/downloads');
  expect(await counted.json()).toMatchObject({ total: 500, last_7_days: 500, days: [{ downloads: 500 }] });
});
