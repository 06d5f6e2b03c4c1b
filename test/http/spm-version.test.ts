import { beforeAll, describe, expect, test } from 'vitest';
import { bearer, furtherKey, getJson, type KeyHolder, newNamespace } from '../support/skills.ts';
import { PDF_SKILL, publish, type SpmCatalogue, spmCatalogue } from '../support/spm-catalogue.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let acme: KeyHolder;
let get: SpmCatalogue['get'];
let found: SpmCatalogue['found'];
let refusalOf: SpmCatalogue['refusalOf'];

beforeAll(async () => {
  ({ world, acme, get, found, refusalOf } = await spmCatalogue());
});

const PDF_VERSION = {
  version: '1.1.0',
  description: PDF_SKILL.description,
  author: PDF_SKILL.author,
  license: 'MIT',
  keywords: ['PDF', 'forms'],
  capabilities: ['read-pdf', 'fill-forms'],
  frameworks: { roundtable: '>=1.0.0', claude: '*' },
  dependencies: { '@acme/csv': '^1.0.0' },
  homepage: 'https://example.com/pdf',
  repository: 'https://github.com/acme/pdf',
  npmPackage: '@acme/pdf-tools',
  npmVersion: '1.1.0',
  checksum: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  size: expect.any(Number),
  publishedAt: '2026-01-01T00:00:01.000Z',
  downloads: null,
  rating: null,
};

const BARE_VERSION = {
  ...PDF_VERSION,
  version: '1.0.0',
  author: { name: 'acme', email: null },
  license: null,
  keywords: [],
  capabilities: [],
  frameworks: {},
  dependencies: {},
  homepage: null,
  repository: null,
  npmPackage: null,
  npmVersion: null,
  publishedAt: '2026-01-01T00:00:00.000Z',
};

describe('GET /skills/{name}', () => {
  test("stands beside ClawHub's keys, with versions", async () => {
    const { success, data, ...rest } = await get<Record<string, unknown>>('/skills/pdf-tools');
    expect(success).toBe(true);
    expect(Object.keys(rest).sort()).toEqual(['latestVersion', 'metadata', 'moderation', 'owner', 'skill']);
    expect(data).toEqual({
      id: 'acme/pdf-tools',
      name: 'pdf-tools',
      versions: [PDF_VERSION, BARE_VERSION],
      totalDownloads: 0,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:01.000Z',
    });
    expect(await get('/skills/pdf-tools?owner=umbrella')).toMatchObject({ data: { id: 'umbrella/pdf-tools' } });
  });

  test('that is missing is text, as all on this path', async () => {
    const response = await world.fetch('/api/v1/skills/nothing');
    expect([response.status, await response.text()]).toEqual([404, 'Skill not found']);
  });
});

describe('GET /skills/{name}/{version}', () => {
  const DOWNLOAD = 'http://hub.test/v1/download/acme/pdf-tools/1.1.0';

  test.each(['1.1.0', 'latest', '1.x', '1'])('%s', async (version) => {
    expect(await get(`/skills/PDF-tools/${version}`)).toEqual({
      success: true,
      data: {
        id: 'acme/pdf-tools',
        name: 'pdf-tools',
        ...PDF_VERSION,
        downloadUrl: DOWNLOAD,
        signatureUrl: `${DOWNLOAD}/sig`,
      },
    });
  });

  test('leads to bytes of that checksum', async () => {
    const { data } = await get<{ data: { downloadUrl: string; checksum: string; size: number } }>(
      '/skills/pdf-tools/1.0.0?owner=@acme',
    );
    const bytes = await (await world.fetch(data.downloadUrl)).arrayBuffer();
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    expect([`sha256:${digest}`, bytes.byteLength]).toEqual([data.checksum, data.size]);
  });

  test('may be kept for a while, and not when it is not public', async () => {
    const cache = async (path: string, headers = {}) =>
      (await world.fetch(`/api/v1${path}`, { headers })).headers.get('cache-control');
    expect(await cache('/skills/pdf-tools/1.1.0')).toBe('public, max-age=30');
    expect(await cache('/skills/pdf-tools/latest')).toBe('public, max-age=30');
    expect(await cache('/skills/secret-plan/1.0.0', acme.headers)).toBe('private, no-cache');
  });

  test.each([
    ['/skills/nothing/1.0.0', 'Skill not found', 'There is no skill @/nothing. Check'],
    ['/skills/secret-plan/latest', 'Skill not found', 'There is no skill @/secret-plan. Check'],
    ['/skills/pdf-tools/9.9.9', 'Version not found', '@acme/pdf-tools has no version 9.9.9. It may'],
    ['/skills/pdf-tools/2.x', 'Version not found', "No version of @acme/pdf-tools satisfies '2.x'. Widen"],
  ])('%s is not found', async (path, error, message) => {
    expect(await refusalOf(path)).toEqual({
      status: 404,
      success: false,
      error,
      code: 'NOT_FOUND',
      message: expect.stringContaining(message),
    });
  });

  test('what is no version, a wrong key, and another method', async () => {
    expect(await refusalOf('/skills/pdf-tools/1~2')).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' });
    expect(await refusalOf('/skills/pdf-tools/1.0.0', { headers: bearer('skh_wrong') })).toEqual({
      status: 401,
      success: false,
      error: 'UNAUTHORIZED',
      code: 'UNAUTHORIZED',
      message: 'This API key is unknown or revoked. Run `skills login` for a new one.',
    });
    expect(await refusalOf('/skills/pdf-tools/1.0.0', { method: 'PUT' })).toMatchObject({
      status: 404,
      message: 'There is no PUT /api/v1/skills/pdf-tools/1.0.0. See /api/v1/spm/openapi.json.',
    });
  });

  test('what ClawHub has under a skill is left to it', async () => {
    for (const part of ['versions', 'versions/1.0.0', 'install', 'verify', 'file?path=SKILL.md']) {
      expect((await world.fetch(`/api/v1/skills/pdf-tools/${part}`)).status, part).toBe(200);
    }
    const response = await world.fetch('/api/v1/skills/pdf-tools/nothing');
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/plain; charset=utf-8']);
  });
});

describe('DELETE /skills/{name}/{version}', () => {
  const unpublish = (path: string, headers: Record<string, string>) =>
    world.fetch(`/api/v1${path}`, { method: 'DELETE', headers });

  test('is a yank, also of the latest one', async () => {
    await publish(world, acme.key, { name: 'short-lived', files: { 'skill.yaml': 'keywords: [fleeting]\n' } });
    expect(await found('?tags=fleeting')).toEqual(['short-lived']);
    const done = await unpublish('/skills/short-lived/1.0.0', acme.headers);
    expect(done.status).toBe(200);
    expect(await done.json()).toEqual({
      success: true,
      data: { name: 'short-lived', version: '1.0.0', message: 'Unpublished. The number stays taken.' },
    });
    expect(await refusalOf('/skills/short-lived/1.0.0')).toMatchObject({ status: 404 });
    expect(await found('?tags=fleeting')).toEqual([]);
    const again = await unpublish('/skills/short-lived/1.0.0', acme.headers);
    expect(await again.json()).toMatchObject({ data: { message: 'It was unpublished before.' } });
  });

  test('needs a key that may', async () => {
    const reader = await furtherKey(world, acme.key, ['read']);
    const umbrella = await newNamespace(world, 'other-one');
    const path = '/skills/csv/1.0.0';
    const by = (headers: Record<string, string>) => refusalOf(path, { method: 'DELETE', headers });
    expect(await by({})).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
    expect(await by(reader.headers)).toMatchObject({ status: 403, error: 'FORBIDDEN', code: 'FORBIDDEN' });
    expect(await by(umbrella.headers)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect((await world.fetch(`/api/v1${path}`)).status).toBe(200);
  });

  test('wants a number that is there', async () => {
    const by = (path: string) => refusalOf(path, { method: 'DELETE', headers: acme.headers });
    expect(await by('/skills/csv/latest')).toMatchObject({ status: 400, message: expect.stringContaining('number') });
    expect(await by('/skills/csv/7.0.0')).toMatchObject({ status: 404 });
    expect(await by('/skills/nothing/1.0.0')).toMatchObject({ status: 404, error: 'Skill not found' });
  });
});

describe('GET /tags', () => {
  test('by name and by number, of public skills', async () => {
    const tag = (name: string, count: number) => ({ tag: name, count, description: null });
    const tags = [tag('forms', 2), tag('pdf', 1), tag('tables', 1)];
    expect(await get('/tags')).toEqual({ success: true, data: { tags, total: 3 } });
    expect(await get('/tags?sort=alpha')).toEqual({ success: true, data: { tags, total: 3 } });
    const byCount = await get<{ data: { tags: object[] } }>('/tags?sort=count');
    expect(byCount.data.tags[0]).toEqual(tag('forms', 2));
    expect(byCount.data.tags.length).toBe(3);
  });

  test('in another order is refused', async () => {
    expect(await refusalOf('/tags?sort=best')).toEqual({
      status: 400,
      success: false,
      error: 'Validation failed',
      code: 'VALIDATION_ERROR',
      message: expect.any(String),
      fields: { sort: [expect.any(String)] },
    });
  });
});

describe('facets follow the skill', () => {
  const tags = async () => (await get<{ data: { tags: { tag: string }[] } }>('/tags')).data.tags.map(({ tag }) => tag);
  const call = (method: string, path: string, body: object = {}) =>
    world.fetch(path, {
      method,
      headers: { ...acme.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('when it is hidden, made private, edited, and published again', async () => {
    const files = { 'skill.yaml': 'keywords: [One, two, ONE]\ncapabilities: [dance]\n' };
    await publish(world, acme.key, { name: 'dancer', files });
    expect(await tags()).toEqual(expect.arrayContaining(['one', 'two']));
    expect((await call('DELETE', '/api/v1/skills/dancer')).status).toBe(200);
    expect(await found('?capabilities=dance')).toEqual([]);
    await call('POST', '/api/v1/skills/dancer/undelete');
    expect(await found('?capabilities=dance')).toEqual(['dancer']);
    const visibility = (to: string) => call('PUT', '/v1/packages/acme/dancer/visibility', { visibility: to });
    expect((await visibility('private')).status).toBe(200);
    expect(await found('?capabilities=dance')).toEqual([]);
    await visibility('public');
    expect((await call('PUT', '/api/skill/edit/dancer', { summary: 'It dances.' })).status).toBe(200);
    expect(await found('?capabilities=dance&tags=one')).toEqual(['dancer']);
    await publish(world, acme.key, { name: 'dancer', version: '2.0.0' });
    expect(await found('?capabilities=dance')).toEqual([]);
    expect(await tags()).not.toContain('one');
    const { rows } = await world.client.execute(
      "SELECT count FROM facet_counts WHERE value IN ('one', 'two', 'dance')",
    );
    expect(rows).toEqual([]);
  });
});

test('GET /health and GET /version', async () => {
  const fresh = await createWorld();
  fresh.advance(61_500);
  const response = await fresh.fetch('/api/v1/health');
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(await response.json()).toEqual({
    success: true,
    status: 'healthy',
    data: { api: 'ok', database: 'ok', storage: 'ok', timestamp: '2026-01-01T00:01:01.500Z', uptime: 61 },
  });
  expect(await getJson(fresh, '/api/v1/version')).toEqual({ success: true, data: { api: '1.0.0', status: 'stable' } });
});

test('GET /health of a hub whose database is gone', async () => {
  const broken = await createWorld();
  const down = () => {
    throw new Error('down');
  };
  Object.assign(broken.deps, { db: { select: down } });
  const response = await broken.fetch('/api/v1/health');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ success: false, status: 'degraded', data: { database: 'failing' } });
});

test('a fault is told without its cause', async () => {
  const broken = await createWorld();
  const down = () => {
    throw new Error('the disk at /dev/s3cret burns');
  };
  Object.assign(broken.deps, { db: { select: down } });
  const response = await broken.fetch('/api/v1/tags');
  expect(response.status).toBe(500);
  const body = await response.json();
  expect(body).toMatchObject({ success: false, error: 'SERVER_ERROR', code: 'SERVER_ERROR' });
  expect(JSON.stringify(body)).not.toContain('s3cret');
});

test('browsers of other origins may ask', async () => {
  const response = await world.fetch('/api/v1/tags', {
    method: 'OPTIONS',
    headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' },
  });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
});

test('own paths that do not exist, and all others', async () => {
  expect(await refusalOf('/auth/nothing', { method: 'POST' })).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(await refusalOf('/tags', { method: 'POST' })).toMatchObject({ status: 404 });
  const other = await world.fetch('/api/v1/nowhere');
  expect(other.headers.get('content-type')).toBe('text/plain; charset=utf-8');
});
