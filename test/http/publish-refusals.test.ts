import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { utf8 } from '../support/archives.ts';
import {
  bearer,
  furtherKey,
  NO_TRACES,
  newNamespace,
  problemOf,
  publish,
  streamed,
  tarGz,
  traces,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const post = (world: World, headers: Record<string, string>, body: BodyInit, query = '') =>
  world.fetch(`/v1/publish${query}`, { method: 'POST', headers, body });

test.each([
  ['no key', {}, 'This needs an API key.'],
  ['an unknown key', bearer(`skh_${'0'.repeat(64)}`), 'This API key is unknown or revoked.'],
  ['a malformed header', { authorization: 'Token x' }, 'The Authorization header is not of the form "Bearer <key>".'],
])('401 with %s, before the query, the digest or the body is looked at', async (_, headers, detail) => {
  const world = await createWorld();
  let pulled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled = true;
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { ...headers, 'content-digest': 'sha-256=:x:' },
    body,
    duplex: 'half',
  };
  const response = await world.fetch('/v1/publish?visibility=secret', init);
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
  expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthorized', detail });
  expect(pulled).toBe(false);
});

test('401 with a revoked key', async () => {
  const { world, key, headers } = await worldWithKey();
  const ci = await furtherKey(world, key, ['publish']);
  await world.fetch(`/v1/keys/${ci.id}`, { method: 'DELETE', headers });
  expect((await upload(world, ci.key, await tarGz())).status).toBe(401);
  expect(await traces(world)).toEqual(NO_TRACES);
});

test('403 when manifest.json names another namespace', async () => {
  const { world, key } = await worldWithKey();
  await newNamespace(world, 'umbrella');
  const manifest = JSON.stringify({ namespace: 'umbrella', name: 'pdf-tools', version: '1.0.0' });
  const response = await upload(world, key, await tarGz({ files: { 'manifest.json': manifest } }));
  expect(await problemOf(response)).toEqual({
    type: 'about:blank',
    title: 'Forbidden',
    status: 403,
    code: 'forbidden',
    detail: "Your key belongs to the namespace 'acme', not to 'umbrella'.",
    fix: "Use a key of 'umbrella', or change the namespace of the skill.",
  });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test('403 when the query names another namespace than the key or the bundle', async () => {
  const { world, key } = await worldWithKey();
  expect(await problemOf(await upload(world, key, await tarGz(), '?namespace=umbrella'))).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
  const manifest = JSON.stringify({ namespace: 'acme', name: 'pdf-tools', version: '1.0.0' });
  const archive = await tarGz({ files: { 'manifest.json': manifest } });
  expect(await problemOf(await upload(world, key, archive, '?namespace=umbrella'))).toMatchObject({
    status: 403,
    detail: "The bundle belongs to 'acme', but the request names 'umbrella'.",
  });
});

test('409 while a version is vetted, once it is published, and after it was yanked', async () => {
  const { world, key, headers } = await worldWithKey();
  const archive = await tarGz();
  const conflict = async () => problemOf(await upload(world, key, archive));
  expect((await upload(world, key, archive)).status).toBe(202);
  const taken = { status: 409, code: 'version_exists' };
  expect(await conflict()).toMatchObject({ ...taken, detail: '@acme/pdf-tools@1.0.0 is being vetted.' });
  await world.drain();
  expect(await conflict()).toMatchObject({ ...taken, detail: '@acme/pdf-tools@1.0.0 exists.' });
  await world.fetch('/v1/packages/acme/pdf-tools/1.0.0/yank', { method: 'POST', headers });
  expect(await conflict()).toMatchObject({
    ...taken,
    detail: '@acme/pdf-tools@1.0.0 was yanked, and a yanked number stays taken.',
  });
});

const SMALL = { limits: { ...DEFAULT_LIMITS, maxArchiveBytes: 2_000 } };

test('413 by Content-Length alone', async () => {
  const { world, headers } = await worldWithKey({ settings: SMALL });
  const response = await post(world, { ...headers, 'content-length': '2001' }, utf8('short'));
  expect(await problemOf(response)).toMatchObject({
    status: 413,
    code: 'payload_too_large',
    detail: 'The body is larger than 2000 bytes.',
  });
});

test('413 by counting a stream, which is not read to its end', async () => {
  const { world, headers } = await worldWithKey({ settings: SMALL });
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1_000;
      controller.enqueue(new Uint8Array(1_000));
    },
  });
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };
  expect(await problemOf(await world.fetch('/v1/publish', init))).toMatchObject({
    status: 413,
    code: 'payload_too_large',
  });
  expect(sent).toBeLessThan(10_000);
});

test('413 is for more than the limit, not for the limit itself', async () => {
  const archive = await tarGz();
  const limits = { ...DEFAULT_LIMITS, maxArchiveBytes: archive.length };
  const { world, headers } = await worldWithKey({ settings: { limits } });
  const half = archive.length >> 1;
  const parts = [archive.subarray(0, half), archive.subarray(half)];
  expect((await world.fetch(streamed('/v1/publish', headers, ...parts, new Uint8Array(1)))).status).toBe(413);
  expect((await world.fetch(streamed('/v1/publish', headers, ...parts))).status).toBe(202);
});

test('413 for a file in a form, and for a form around it', async () => {
  const { world, headers } = await worldWithKey({ settings: SMALL });
  for (const [size, limit] of [
    [2_001, 2_000],
    [300_000, 2_000 + 256 * 1024],
  ]) {
    const form = new FormData();
    form.append('bundle', new Blob([new Uint8Array(size ?? 0)]), 'x.skill');
    expect(await problemOf(await post(world, headers, form))).toMatchObject({
      status: 413,
      detail: `The body is larger than ${limit} bytes.`,
    });
  }
});

test('503 when the bytes cannot be stored, and nothing is recorded', async () => {
  const { world, key } = await worldWithKey();
  world.bundles.put = () => Promise.reject(new Error('R2 said no'));
  const problem = await problemOf(await upload(world, key, await tarGz()));
  expect(problem).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'storage_unavailable',
    detail: 'The bundle could not be stored; nothing was published.',
    fix: 'Try again in a minute.',
  });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test('a queue that does not answer costs time only', async () => {
  const { world, key } = await worldWithKey();
  const { send } = world.deps.queue;
  world.deps.queue.send = () => Promise.reject(new Error('queue down'));
  const accepted = await upload(world, key, await tarGz());
  expect(accepted.status).toBe(202);
  world.deps.queue.send = send;
  world.advance(60_000);
  await world.sweep();
  await world.drain();
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
});

test('a fault of the hub says nothing of its cause', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  await world.client.execute('DROP TABLE jobs');
  const response = await world.fetch('/v1/jobs/x');
  expect(await problemOf(response)).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    code: 'internal_error',
    detail: 'The hub could not answer this request.',
    fix: 'Try again; if it stays, tell the operator.',
  });
  expect(world.logs.at(-1)).toEqual({
    level: 'error',
    event: 'request.failed',
    fields: {
      cause: expect.stringMatching(/^[^\n]*no such table: jobs[^\n]*$/),
      stack: expect.not.stringContaining('params'),
    },
  });
});
