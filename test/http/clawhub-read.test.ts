import { unzipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { refusalOf, sha256Of } from '../support/clawhub.ts';
import { bearer, furtherKey, getJson, newNamespace, publish, skill, upload, zip } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const START = Date.UTC(2026, 0, 1);
const DESCRIPTION = 'Reads, fills and merges PDF files for an agent.';
const FILES = { 'scripts/run.sh': 'echo hi\n', 'README.md': '# Read me\n' };

let world: World;
let acme: Awaited<ReturnType<typeof newNamespace>>;
let umbrella: Awaited<ReturnType<typeof newNamespace>>;

beforeAll(async () => {
  world = await createWorld();
  acme = await newNamespace(world);
  umbrella = await newNamespace(world, 'umbrella');
  await publish(world, acme.key, { files: FILES, frontmatter: 'license: MIT\n' });
  world.advance(1000);
  await publish(world, acme.key, { version: '1.1.0', files: FILES, frontmatter: 'license: MIT-0\n' });
  await publish(world, umbrella.key, { description: 'Another one that handles PDF files, by somebody else.' });
  await publish(
    world,
    acme.key,
    { name: 'secret-plan', description: 'Nobody else should learn of this one.' },
    '?visibility=private',
  );
});

const refused = async (path: string, headers: Record<string, string> = {}) =>
  refusalOf(await world.fetch(`/api/v1${path}`, { headers }));

/** What ClawHub's clients read of an answer: what another dialect adds to it is tested there. */
const get = async <T = unknown>(path: string, headers: Record<string, string> = {}) => {
  const answer = await getJson<T & { success?: true; data?: unknown }>(world, `/api/v1${path}`, headers);
  const { success: _, data: __, ...own } = answer;
  return own;
};

const OWNER = { handle: 'acme', displayName: 'acme', image: null };
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

test('versions, newest first, a page at a time', async () => {
  const item = (version: string, createdAt: number) => ({ version, createdAt, changelog: '', changelogSource: null });
  expect(await get('/skills/pdf-tools/versions')).toEqual({
    items: [item('1.1.0', START + 1000), item('1.0.0', START)],
    nextCursor: null,
  });
  expect(await get('/skills/pdf-tools/versions?limit=1')).toMatchObject({ nextCursor: '1.1.0' });
  expect(await get('/skills/pdf-tools/versions?limit=1&cursor=1.1.0')).toEqual({
    items: [item('1.0.0', START)],
    nextCursor: null,
  });
});

const fileRow = ({ path, bytes }: { path: string; bytes: Uint8Array }) => ({
  path,
  size: bytes.length,
  sha256: sha256Of(bytes),
  contentType: null,
});

test('a version with its files; a licence that clients refuse is not named', async () => {
  expect(await get('/skills/pdf-tools/versions/1.0.0')).toEqual({
    version: {
      version: '1.0.0',
      createdAt: START,
      changelog: '',
      changelogSource: null,
      license: null,
      files: skill({ files: FILES, frontmatter: 'license: MIT\n' }).files.map(fileRow),
      security: { status: 'clean', hasWarnings: expect.any(Boolean), checkedAt: START },
    },
    skill: { slug: 'pdf-tools', displayName: 'pdf-tools' },
  });
});

test.each([
  '/skills/pdf-tools/versions/9.9.9',
  '/skills/pdf-tools/file?path=SKILL.md&version=9.9.9',
  '/skills/pdf-tools/file?path=SKILL.md&tag=beta',
  '/skills/pdf-tools/verify?version=9.9.9',
  '/download?slug=pdf-tools&version=9.9.9',
  '/download?slug=pdf-tools&tag=beta',
])('a version that there is not: GET %s', async (path) => {
  expect(await refused(path)).toEqual({ status: 404, text: 'Version not found' });
});

test('a version beside a tag is refused, and so is a hash that is none', async () => {
  expect(await refused('/download?slug=pdf-tools&version=1.0.0&tag=latest')).toEqual({
    status: 400,
    text: 'Both a version and a tag are given. Give one of them.',
  });
  expect(await refused('/resolve?slug=pdf-tools&hash=abc')).toEqual({
    status: 400,
    text: 'Invalid query: hash: 64 hex digits',
  });
  expect((await refused('/download')).status).toBe(400);
  expect((await refused('/skills/pdf-tools/file')).status).toBe(400);
});

test.each(['SKILL.md', 'skill.MD', 'SKILL.md&tag=latest', 'SKILL.md&version=1.1.0'])('one file: %s', async (query) => {
  const response = await world.fetch(`/api/v1/skills/pdf-tools/file?path=${query}`);
  const [expected] = skill({ version: '1.1.0', files: FILES, frontmatter: 'license: MIT-0\n' }).files.filter(
    ({ path }) => path === 'SKILL.md',
  );
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(Buffer.from(bytes)).toEqual(Buffer.from(expected?.bytes ?? []));
  const sha256 = sha256Of(bytes);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': "attachment; filename*=UTF-8''SKILL.md",
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-sha256': sha256,
    'x-content-size': String(bytes.length),
    'x-content-type-options': 'nosniff',
    etag: `"${sha256}"`,
    'access-control-allow-origin': '*',
  });
});

test('a file that the version does not have', async () => {
  expect(await refused('/skills/pdf-tools/file?path=../SKILL.md')).toEqual({ status: 404, text: 'File not found' });
});

test.each(['', '&version=1.1.0', '&tag=latest', '&version=1.1.0&ownerHandle=acme'])(
  'the zip has the files at its root, and nothing else: %s',
  async (query) => {
    const response = await world.fetch(`/api/v1/download?slug=pdf-tools${query}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="pdf-tools-1.1.0.zip"');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(response.headers.get('etag')).toBe(`"${sha256Of(bytes)}"`);
    expect(Object.keys(unzipSync(bytes)).sort()).toEqual(['README.md', 'SKILL.md', 'scripts/run.sh']);
    const canonical = await zip({ version: '1.1.0', files: FILES, frontmatter: 'license: MIT-0\n' });
    expect(sha256Of(bytes)).toBe(sha256Of(canonical));
  },
);

test('where to install from, for clients that do not build the address themselves', async () => {
  expect(await get('/skills/umbrella.pdf-tools/install?forceInstall=1')).toEqual({
    ok: true,
    slug: 'umbrella.pdf-tools',
    installKind: 'archive',
    archive: {
      version: '1.0.0',
      downloadUrl: 'http://hub.test/api/v1/download?slug=pdf-tools&version=1.0.0&ownerHandle=umbrella',
    },
  });
  expect((await world.fetch('/api/v1/download?slug=pdf-tools&version=1.0.0&ownerHandle=umbrella')).status).toBe(200);
});

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

test('an upload that waits to be vetted is not there yet', async () => {
  const fresh = await createWorld();
  const { key } = await newNamespace(fresh);
  await upload(fresh, key, await zip());
  expect(await refusalOf(await fresh.fetch('/api/v1/skills/pdf-tools'))).toEqual({
    status: 404,
    text: 'Skill not found',
  });
  await fresh.drain();
  expect((await fresh.fetch('/api/v1/skills/pdf-tools')).status).toBe(200);
});
