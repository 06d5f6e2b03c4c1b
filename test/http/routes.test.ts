import { expect, test } from 'vitest';
import { newNamespace, postJson, problemOf, streamed } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';

const JSON_ROUTES = [
  ['POST', '/v1/namespaces'],
  ['POST', '/v1/auth/login'],
  ['POST', '/v1/auth/token'],
  ['POST', '/v1/auth/device'],
  ['POST', '/v1/auth/device/token'],
  ['POST', '/v1/keys'],
  ['PUT', '/v1/packages/acme/pdf-tools/visibility'],
] as const;

test.each([
  ['GET', '/v1/nowhere'],
  ['GET', '/v1'],
  ['PUT', '/v1/search'],
  ['POST', '/v1/packages/acme/pdf-tools/1.0.0'],
  ['GET', '/v1/publish'],
  ['GET', '/v1/health/'],
])('%s %s is not found, as a problem', async (method, path) => {
  const world = await createWorld();
  expect(await problemOf(await world.fetch(path, { method }))).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'not_found',
    detail: `There is no ${method} ${path}.`,
    fix: 'See /v1/docs.',
  });
});

test.each(['/nowhere', '/v2/search', '/v1x', '/favicon.ico'])('%s is not found, as text', async (path) => {
  const world = await createWorld();
  const response = await world.fetch(path);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(await response.text()).toBe('Nothing here. The API is under /v1; see /v1/docs.\n');
});

test('the root leads to the documentation', async () => {
  const world = await createWorld();
  const response = await world.fetch('/');
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('/v1/docs');
});

test.each(['/v1/health', '/v1/nowhere', '/nowhere', '/v1/packages/a/b/c', '/healthz', '/v1/whoami'])(
  'every answer says how browsers have to take it: %s',
  async (path) => {
    const world = await createWorld();
    const { headers } = await world.fetch(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  },
);

test.each(JSON_ROUTES)('%s %s takes no more than 64 KiB', async (method, path) => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const body = JSON.stringify({ slug: 'x'.repeat(64 * 1024) });
  const response = await world.fetch(path, {
    method,
    headers: { ...headers, 'content-type': 'application/json', 'content-length': String(body.length) },
    body,
  });
  expect(await problemOf(response)).toMatchObject({
    status: 413,
    code: 'payload_too_large',
    detail: 'The body is larger than 65536 bytes.',
  });
});

test('the limit counts what streams in', async () => {
  const world = await createWorld();
  const chunk = new Uint8Array(40 * 1024).fill(0x20);
  const headers = { 'content-type': 'application/json' };
  expect((await world.fetch(streamed('/v1/namespaces', headers, chunk, chunk))).status).toBe(413);
  const good = new TextEncoder().encode('{"slug":"acme","email":"a@example.com"}');
  expect((await world.fetch(streamed('/v1/namespaces', headers, chunk, good))).status).toBe(200);
});

test.each(JSON_ROUTES)('%s %s: a body that is no JSON', async (method, path) => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const response = await world.fetch(path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"slug":',
  });
  expect(await problemOf(response)).toMatchObject({
    status: 400,
    code: 'invalid_request',
    fix: 'Send well-formed JSON.',
  });
});

test.each([null, [], 'text', 7])('the body %j has the wrong shape', async (body) => {
  const world = await createWorld();
  expect(await problemOf(await postJson(world, '/v1/namespaces', body))).toMatchObject({
    status: 422,
    code: 'invalid_body',
  });
});

test.each<Record<string, string>>([{}, { 'content-type': 'text/plain' }])(
  'a body with the headers %j is not read as JSON',
  async (headers) => {
    const world = await createWorld();
    const body = new TextEncoder().encode('{"slug":"acme","email":"a@example.com"}');
    expect(await problemOf(await world.fetch('/v1/namespaces', { method: 'POST', headers, body }))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      detail: 'The body is not sent as JSON.',
      fix: 'Send "Content-Type: application/json".',
    });
  },
);
