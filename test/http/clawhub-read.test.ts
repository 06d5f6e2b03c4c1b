import { beforeAll, expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { type Catalogue, clawhubCatalogue, OWNER, START } from '../support/clawhub-catalogue.ts';
import { bearer, furtherKey, getJson, type KeyHolder, newNamespace, publish } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const DESCRIPTION = 'Reads, fills and merges PDF files for an agent.';

let world: World;
let acme: KeyHolder;
let umbrella: KeyHolder;
let get: Catalogue['get'];
let refused: Catalogue['refused'];

beforeAll(async () => {
  ({ world, acme, umbrella, get, refused } = await clawhubCatalogue());
});

const SKILL = {
  slug: 'pdf-tools',
  displayName: 'pdf-tools',
  summary: DESCRIPTION,
  topics: [],
  tags: { latest: '1.1.0' },
  stats: { downloads: 0, installsAllTime: 0, stars: 0 },
  createdAt: START,
  updatedAt: expect.any(Number),
};
const LATEST = { version: '1.1.0', createdAt: START + 1000, changelog: '', license: 'MIT-0' };

test.each(['clawhub', 'clawdhub'])('/.well-known/%s.json leads to this hub', async (name) => {
  const response = await world.fetch(`/.well-known/${name}.json`);
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await response.json()).toEqual({
    apiBase: 'http://hub.test',
    authBase: 'http://hub.test',
    minCliVersion: '0.1.0',
  });
});

test('addresses in answers begin with the public URL, where there is one', async () => {
  const elsewhere = await createWorld({ settings: { publicUrl: 'https://hub.example' } });
  const { key } = await newNamespace(elsewhere);
  await publish(elsewhere, key);
  expect(await getJson(elsewhere, '/.well-known/clawhub.json')).toMatchObject({ apiBase: 'https://hub.example' });
  expect(await getJson(elsewhere, '/api/v1/skills/pdf-tools/install')).toMatchObject({
    archive: { downloadUrl: 'https://hub.example/api/v1/download?slug=pdf-tools&version=1.0.0&ownerHandle=acme' },
  });
});

test('whoami is the namespace of the key, with a role that clients know', async () => {
  const weak = await furtherKey(world, acme.key, ['read']);
  for (const headers of [acme.headers, weak.headers]) {
    expect(await get('/whoami', headers)).toEqual({ user: { ...OWNER, role: 'user' } });
  }
  expect(await get('/whoami', bearer(OPERATOR_KEY))).toEqual({
    user: { handle: null, displayName: 'operator', image: null, role: 'admin' },
  });
});

const LOGIN = '`skills login` issues a key; hand it over with `clawhub login --token <key>`.';

test('without a key, or with a wrong one, the answer says what to do', async () => {
  expect(await refused('/whoami')).toEqual({ status: 401, text: `This needs an API key. ${LOGIN}` });
  for (const path of ['/whoami', '/search?q=pdf', '/skills/pdf-tools', '/nowhere']) {
    expect(await refused(path, bearer('clh_wrong'))).toEqual({
      status: 401,
      text: `This API key is unknown or revoked. ${LOGIN}`,
    });
  }
});

test('a search row has what every client insists on', async () => {
  const { results } = await get<{ results: Record<string, unknown>[] }>('/search?q=pdf+fills&limit=5');
  expect(results).toEqual([
    {
      id: expect.stringMatching(/^\d+$/),
      score: expect.any(Number),
      slug: 'pdf-tools',
      displayName: 'pdf-tools',
      summary: DESCRIPTION,
      version: '1.1.0',
      downloads: 0,
      updatedAt: expect.any(Number),
      source: 'clawhub',
      ownerHandle: 'acme',
      owner: OWNER,
      install: { kind: 'clawhub', reference: '@acme/pdf-tools', sourceUrl: null },
    },
  ]);
  expect(results[0]?.score).toBeGreaterThan(0);
});

test('two skills of one name are told apart by owner and by display name', async () => {
  const { results } = await get<{ results: { slug: string; ownerHandle: string; displayName: string }[] }>(
    '/search?q=pdf-tools&mode=exact',
  );
  expect(results.map(({ slug, ownerHandle, displayName }) => [slug, ownerHandle, displayName])).toEqual([
    ['pdf-tools', 'acme', 'pdf-tools'],
    ['pdf-tools', 'umbrella', 'umbrella.pdf-tools'],
  ]);
  expect(await get('/search?q=pdf&mode=exact')).toEqual({ results: [] });
});

test('a search whose words nothing has finds what is close, without a score', async () => {
  expect(await get('/search?q=pdf+toolz&limit=1')).toMatchObject({ results: [{ slug: 'pdf-tools', score: 0 }] });
  expect(await get('/search?q=pdf+toolz&offset=20')).toEqual({ results: [] });
  expect(await get('/search?q=zzzz')).toEqual({ results: [] });
  expect(await get('/search?q=pdf+toolz&tags=nothing')).toEqual({ results: [] });
});

test('a search for nothing finds nothing, and one by the owner of a private skill finds it', async () => {
  expect(await get('/search?q=')).toEqual({ results: [] });
  expect(await get('/search')).toEqual({ results: [] });
  expect(await get('/search?q=nobody+learn')).toEqual({ results: [] });
  expect(await get('/search?q=nobody+learn', acme.headers)).toMatchObject({ results: [{ slug: 'secret-plan' }] });
  expect(await get('/search?q=nobody+learn', umbrella.headers)).toEqual({ results: [] });
});

test('unknown parameters are passed over, wrong ones are named', async () => {
  expect(await get('/search?q=fills&highlightedOnly=1&nonSuspiciousOnly=true')).toMatchObject({ results: [{}] });
  expect(await refused('/search?q=pdf&mode=fuzzy')).toEqual({
    status: 400,
    text: 'Invalid query: mode: Invalid search mode',
  });
  expect((await refused('/search?q=pdf&limit=none')).status).toBe(400);
  expect((await refused('/skills?sort=best')).status).toBe(400);
  expect((await refused('/skills?cursor=zzz')).status).toBe(400);
  expect((await refused('/trending?kind=plugins')).status).toBe(400);
});

test('the list shows hub-wide slugs, latest first, and pages', async () => {
  const page = await get<{ items: { slug: string }[]; nextCursor: string }>('/skills?limit=1');
  expect(page.items.map(({ slug }) => slug)).toEqual(['umbrella.pdf-tools']);
  const rest = await get(`/skills?limit=1&cursor=${encodeURIComponent(page.nextCursor)}`);
  expect(rest).toEqual({ items: [{ ...SKILL, ownerHandle: 'acme', latestVersion: LATEST }], nextCursor: null });
});

test('a detail, named as it was asked for', async () => {
  const detail = { skill: SKILL, latestVersion: LATEST, metadata: null, owner: OWNER, moderation: null };
  expect(await get('/skills/pdf-tools')).toEqual(detail);
  for (const query of ['ownerHandle=acme', 'owner=acme', 'ownerHandle=%40ACME', 'ownerHandle=acme&owner=umbrella']) {
    expect(await get(`/skills/PDF-Tools?${query}`)).toEqual(detail);
  }
  for (const path of ['/skills/umbrella.pdf-tools', '/skills/umbrella.pdf-tools?ownerHandle=umbrella']) {
    expect(await get(path)).toMatchObject({
      skill: { slug: 'umbrella.pdf-tools' },
      owner: { handle: 'umbrella' },
      latestVersion: { version: '1.0.0', license: null },
    });
  }
  expect(await get('/skills/pdf-tools?ownerHandle=umbrella')).toMatchObject({
    skill: { slug: 'pdf-tools' },
    owner: { handle: 'umbrella' },
  });
});

const READS = (slug: string, version = '1.0.0') => [
  `/skills/${slug}`,
  `/skills/${slug}/versions`,
  `/skills/${slug}/versions/${version}`,
  `/skills/${slug}/file?path=SKILL.md`,
  `/skills/${slug}/install`,
  `/skills/${slug}/verify`,
  `/download?slug=${slug}`,
  `/resolve?slug=${slug}&hash=${'0'.repeat(64)}`,
];

test.each(READS('ghost'))('a skill that there is not: GET %s', async (path) => {
  expect(await refused(path)).toEqual({ status: 404, text: 'Skill not found' });
  expect(await refused(`${path}${path.includes('?') ? '&' : '?'}ownerHandle=no~body`)).toEqual({
    status: 404,
    text: 'Skill not found',
  });
});

test.each(READS('acme.secret-plan'))(
  'a private skill is missing to others and there for its own: GET %s',
  async (path) => {
    for (const headers of [{}, umbrella.headers]) {
      expect(await refused(path, headers)).toEqual({ status: 404, text: 'Skill not found' });
    }
    for (const asked of [path, path.replace('acme.', '')]) {
      const { status, headers } = await world.fetch(`/api/v1${asked}`, { headers: acme.headers });
      expect(status, asked).toBe(200);
      expect(headers.get('cache-control')).toBe('private, no-cache');
    }
  },
);

test.each([
  ['/skills/pdf-tools/moderation', 'Moderation not found'],
  ['/skills/pdf-tools/card', 'Skill Card not found'],
  ['/skills-sh/vercel/skills/find/install', 'Skill not found'],
  ['/packages/some-plugin', 'Package not found'],
  ['/packages/some-plugin/versions/1.0.0', 'Package not found'],
  ['/nowhere', 'There is no GET /api/v1/nowhere on this hub.'],
])('what this hub does not have: GET %s', async (path, text) => {
  expect(await refused(path)).toEqual({ status: 404, text });
});

test('there are no plugins', async () => {
  for (const path of ['/packages', '/code-plugins', '/bundle-plugins']) {
    expect(await get(`${path}?limit=5`)).toEqual({ items: [], nextCursor: null });
  }
  expect(await get('/packages/search?q=x')).toEqual({ results: [] });
});

test('what browsers and preflights get', async () => {
  const preflight = await world.fetch('/api/v1/skills/pdf-tools', {
    method: 'OPTIONS',
    headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET,POST,PUT,DELETE,OPTIONS,PATCH,HEAD');
  expect(preflight.headers.get('access-control-max-age')).toBe('86400');
  for (const path of ['/skills/pdf-tools', '/skills/ghost', '/whoami', '/nowhere']) {
    const { headers } = await world.fetch(`/api/v1${path}`);
    expect(headers.get('access-control-allow-origin'), path).toBe('*');
  }
});

test('the old paths that are still in use', async () => {
  const json = { 'content-type': 'application/json' };
  for (const path of ['/api/cli/telemetry/install', '/api/cli/telemetry/sync']) {
    const response = await world.fetch(path, { method: 'POST', headers: json, body: '{"event":"install"}' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
  }
  expect((await world.fetch('/api/download?slug=pdf-tools')).status).toBe(200);
  expect(await getJson(world, '/api/cli/whoami', acme.headers)).toEqual({ user: { ...OWNER, role: 'user' } });
  expect((await world.fetch('/api/cli/whoami')).status).toBe(401);
  expect(await refusalOf(await world.fetch('/api/cli/publish', { method: 'POST' }))).toEqual({
    status: 404,
    text: 'There is no POST /api/cli/publish on this hub.',
  });
});
