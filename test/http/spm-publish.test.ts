import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import { refusalOf as textOf } from '../support/clawhub.ts';
import { githubToken } from '../support/credentials.ts';
import { bearer, furtherKey, getJson, NO_TRACES, newNamespace, postJson, streamed, traces } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const RAW = 'https://raw.githubusercontent.com/ann/data-analyst/main';
const SKILL_MD =
  '---\nname: data-analyst\ndescription: Analyses figures and draws charts of them.\n---\n\n# How to\n\nDo it well.\n';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const BODY = {
  name: 'data-analyst',
  version: '1.0.0',
  description: 'Analyses figures and writes: reports, "all" kinds.',
  author: { name: 'Ann', email: 'ann@example.com' },
  license: 'MIT',
  keywords: ['data', 'analysis'],
  capabilities: ['financial-analysis'],
  frameworks: { roundtable: '>=1.0.0' },
};

let world: World;
let acme: Awaited<ReturnType<typeof newNamespace>>;
let web: Record<string, string>;
let fetched: [url: string, maxBytes: number][];

beforeEach(async () => {
  web = {};
  fetched = [];
  const outgoing = {
    async get(url: string, maxBytes: number) {
      fetched.push([url, maxBytes]);
      const text = web[url];
      if (text === undefined)
        throw new Problem('invalid_request', `${url} answered 404.`, { fix: 'Check the address.' });
      return new TextEncoder().encode(text);
    },
  };
  world = await createWorld({ deps: { outgoing } });
  acme = await newNamespace(world);
});

const send = (body: unknown, headers: Record<string, string> = acme.headers) =>
  postJson(world, '/api/v1/skills', body, headers);

async function refusalOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  const { timestamp, requestId, ...body } = await response.json<Record<string, unknown>>();
  expect([timestamp, requestId]).toEqual([expect.any(String), expect.stringMatching(/^[0-9a-z]{26}$/)]);
  return { status: response.status, ...body };
}

const invalid = (fields: Record<string, unknown>) => ({
  status: 400,
  success: false,
  error: 'Validation failed',
  code: 'VALIDATION_ERROR',
  message: expect.any(String),
  fields,
});

const fileOf = async (path: string) => (await world.fetch(`/api/v1/skills/data-analyst/file?path=${path}`)).text();

describe('a description', () => {
  test('becomes a skill with files of its own, published at once', async () => {
    const response = await send({
      ...BODY,
      homepage: 'https://example.com',
      npmPackage: '@ann/data',
      npmVersion: '2.0.0',
    });
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(await response.json()).toEqual({
      success: true,
      data: {
        id: 'acme/data-analyst',
        name: 'data-analyst',
        version: '1.0.0',
        message: 'Published.',
        url: 'http://hub.test/api/v1/skills/data-analyst?owner=acme',
        npmUrl: 'https://www.npmjs.com/package/@ann/data',
        publishedAt: expect.stringMatching(/^2026-01-01T00:00:0\d\.\d{3}Z$/),
        jobId: expect.any(String),
        warnings: [],
      },
    });
    expect(await getJson(world, '/api/v1/skills/data-analyst/1.0.0')).toMatchObject({
      data: {
        ...BODY,
        dependencies: {},
        homepage: 'https://example.com',
        repository: null,
        npmPackage: '@ann/data',
        npmVersion: '2.0.0',
      },
    });
    expect(await fileOf('SKILL.md')).toContain('# data-analyst\n\nAnalyses figures');
    expect(fetched).toEqual([]);
  });

  test('may come with a token instead of a key', async () => {
    const issued = await postJson(world, '/api/v1/auth/token', {}, acme.headers);
    const { data } = await issued.json<{ data: { token: string } }>();
    expect((await send(BODY, bearer(data.token))).status).toBe(201);
  });

  test('may bring SKILL.md and skill.yaml as text; what the file says counts', async () => {
    const skillYaml = 'keywords: [charts]\nfoo: bar\n';
    const response = await send({ ...BODY, skillMd: SKILL_MD, skillYaml, checksum: `sha256:${sha256(SKILL_MD)}` });
    expect(response.status).toBe(201);
    expect([await fileOf('SKILL.md'), await fileOf('skill.yaml')]).toEqual([SKILL_MD, skillYaml]);
    expect(await getJson(world, '/api/v1/skills/data-analyst/latest')).toMatchObject({
      data: { description: 'Analyses figures and draws charts of them.', keywords: ['charts'], capabilities: [] },
    });
  });

  test('may point at them', async () => {
    web = { [`${RAW}/SKILL.md`]: SKILL_MD, [`${RAW}/skill.yaml`]: 'capabilities: [charting]\n' };
    const urls = { skillMdUrl: `${RAW}/SKILL.md`, skillYamlUrl: `${RAW}/skill.yaml`, checksum: sha256(SKILL_MD) };
    expect((await send({ ...BODY, ...urls })).status).toBe(201);
    expect(fetched).toEqual([
      [`${RAW}/SKILL.md`, 1024 * 1024],
      [`${RAW}/skill.yaml`, 64 * 1024],
    ]);
    expect(await fileOf('SKILL.md')).toBe(SKILL_MD);
    expect(await getJson(world, '/api/v1/search?capabilities=charting')).toMatchObject({
      data: { results: [{ name: 'data-analyst' }] },
    });
  });

  test('keeps dependencies; those of Python are no skills', async () => {
    const dependencies = { '@acme/csv': '^1.0.0', python: { pandas: '>=2' } };
    expect((await send({ ...BODY, dependencies })).status).toBe(201);
    expect(await getJson(world, '/api/v1/skills/data-analyst/latest')).toMatchObject({
      data: { dependencies: { '@acme/csv': '^1.0.0' } },
    });
    expect(await fileOf('skill.yaml')).toContain('pandas');
  });

  test('with a signature is taken with a word about it', async () => {
    const { data } = await (await send({ ...BODY, signature: 'aGk=' })).json<{ data: { warnings: string[] } }>();
    expect(data.warnings).toEqual(['The signature was not verified: this hub does not check GPG signatures.']);
  });

  test('is taken in while the vetting takes longer than anybody waits', async () => {
    const sleep = async (milliseconds: number) => world.advance(milliseconds);
    Object.assign(world.deps, { sleep });
    const response = await send(BODY);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      data: { message: expect.stringMatching(/^Still being vetted; see \/v1\/jobs\//), publishedAt: null },
    });
  });
});

describe('fields that do not fit', () => {
  test('are named, all of them', async () => {
    expect(await refusalOf(await send({ name: 'Data Analyst', version: '1.0', description: '' }))).toEqual(
      invalid({
        name: ["skill name 'Data Analyst' must be lower case"],
        version: ['Must be a semantic version, such as 1.0.0'],
        description: [expect.any(String)],
        author: [expect.any(String)],
        license: [expect.any(String)],
        keywords: [expect.any(String)],
        capabilities: [expect.any(String)],
        frameworks: [expect.any(String)],
      }),
    );
    expect(await traces(world)).toEqual(NO_TRACES);
  });

  test.each<[string, Record<string, unknown>]>([
    ['description', { description: 'x'.repeat(201) }],
    ['author.email', { author: { name: 'Ann', email: 'ann' } }],
    ['keywords', { keywords: [] }],
    ['keywords', { keywords: Array.from({ length: 11 }, (_, n) => `k${n}`) }],
    ['capabilities.0', { capabilities: ['x'.repeat(65)] }],
    ['frameworks.claude', { frameworks: { claude: 'any old one' } }],
    ['homepage', { homepage: 'javascript:alert(1)' }],
    ['npmPackage', { npmPackage: '../x' }],
    ['skillMdUrl', { skillMdUrl: 'http://raw.githubusercontent.com/a' }],
    ['skillYamlUrl', { skillYamlUrl: 'ftp://raw.githubusercontent.com/a' }],
    ['checksum', { checksum: 'sha256:abc' }],
    ['checksum', { checksum: sha256('another'), skillMd: SKILL_MD }],
    ['checksum', { checksum: sha256(SKILL_MD) }],
    ['name', { skillMd: SKILL_MD.replace('data-analyst', 'other') }],
    ['version', { skillMd: SKILL_MD.replace('---\n\n', 'metadata: { version: "2.0.0" }\n---\n\n') }],
    ['SKILL.md', { skillMd: '# No frontmatter' }],
    ['skill.yaml', { skillYaml: 'name: other' }],
    ['skill.yaml', { dependencies: { 'No Name': '^1.0.0' } }],
  ])('%s: %j', async (field, change) => {
    expect(await refusalOf(await send({ ...BODY, ...change }))).toEqual(invalid({ [field]: [expect.any(String)] }));
    expect(await traces(world)).toEqual(NO_TRACES);
  });

  test('what cannot be fetched is told, and nothing is left behind', async () => {
    expect(await refusalOf(await send({ ...BODY, skillMdUrl: `${RAW}/none` }))).toMatchObject({
      ...invalid({ 'SKILL.md': [`${RAW}/none answered 404.`] }),
      message: `${RAW}/none answered 404. Check the address.`,
    });
    expect(await traces(world)).toEqual(NO_TRACES);
  });

  test('what vetting refuses is told with the file at fault', async () => {
    const skillMd = `${SKILL_MD}\nToken: ${githubToken()}\n`;
    const refused = await refusalOf(await send({ ...BODY, skillMd }));
    expect(refused).toEqual(invalid({ 'SKILL.md': [expect.stringContaining('possible hardcoded secret')] }));
    expect((await world.fetch('/api/v1/skills/data-analyst')).status).toBe(404);
    expect((await send({ ...BODY, skillMd: SKILL_MD })).status).toBe(201);
  });
});

describe('who may', () => {
  test('nobody without a key, nor with a bad one', async () => {
    for (const headers of [{}, bearer('skh_wrong'), { authorization: 'Basic x' }]) {
      const response = await send(BODY, headers);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
      expect(await refusalOf(response)).toMatchObject({ status: 401, error: 'UNAUTHORIZED', code: 'UNAUTHORIZED' });
    }
  });

  test('no key that only reads, and no operator; nothing is fetched for them', async () => {
    const reader = await furtherKey(world, acme.key, ['read']);
    for (const headers of [reader.headers, bearer(OPERATOR_KEY)]) {
      const response = await send({ ...BODY, skillMdUrl: `${RAW}/SKILL.md` }, headers);
      expect(await refusalOf(response)).toMatchObject({ status: 403, error: 'FORBIDDEN', code: 'FORBIDDEN' });
    }
    expect(fetched).toEqual([]);
  });

  test('nobody the same version twice', async () => {
    await send(BODY);
    expect(await refusalOf(await send(BODY))).toEqual({
      status: 409,
      success: false,
      error: 'Version already exists',
      code: 'CONFLICT',
      message: '@acme/data-analyst@1.0.0 exists. Versions never change: raise the version and publish again.',
    });
    expect((await send({ ...BODY, version: '1.0.1' })).status).toBe(201);
  });

  test('nobody while the store is down', async () => {
    Object.assign(world.deps.bundles, { put: () => Promise.reject(new Error('down')) });
    expect(await refusalOf(await send(BODY))).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('what is for ClawHub stays with ClawHub', () => {
  const raw = (body: string, type = 'application/json') =>
    world.fetch('/api/v1/skills', { method: 'POST', headers: { ...acme.headers, 'content-type': type }, body });

  test.each([
    ['a slug', { ...BODY, slug: 'data-analyst' }],
    ['files', { ...BODY, files: [] }],
    ['a list', [BODY]],
    ['a text', 'data-analyst'],
    ['nothing', null],
  ])('%s', async (_, body) => {
    expect((await textOf(await send(body))).status).toBe(400);
  });

  test('what is no JSON, and what is too long, whether it says so or not', async () => {
    expect(await textOf(await raw('{'))).toMatchObject({ status: 400, text: expect.stringContaining('not JSON') });
    expect((await textOf(await raw('{}', 'text/plain'))).status).toBe(415);
    const long = JSON.stringify({ ...BODY, skillMd: 'x'.repeat(1024 * 1024) });
    expect((await textOf(await raw(long))).status).toBe(413);
    const chunk = new TextEncoder().encode(long);
    const headers = { ...acme.headers, 'content-type': 'application/json' };
    const parts = [chunk.slice(0, 600_000), chunk.slice(600_000), chunk];
    expect((await textOf(await world.fetch(streamed('/api/v1/skills', headers, ...parts)))).status).toBe(413);
  });

  test('a description that comes in pieces is still one', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(BODY));
    const headers = { ...acme.headers, 'content-type': 'application/json; charset=utf-8' };
    const request = streamed('/api/v1/skills', headers, bytes.slice(0, 10), bytes.slice(10));
    expect((await world.fetch(request)).status).toBe(201);
  });
});
