import { beforeAll, expect, test } from 'vitest';
import { documents } from '../../openapi/documents.ts';
import { spm } from '../../src/http/spm/index.ts';
import { getJson, newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
/** Described here and served by the dialect that has them too. */
const SHARED = ['GET /skills', 'GET /search', 'GET /skills/{name}'];

interface Schema {
  required?: string[];
  properties?: Record<string, Schema>;
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  security?: unknown[];
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
}

let world: World;
let document: Document;

beforeAll(async () => {
  world = await createWorld();
  await publish(world, (await newNamespace(world)).key);
  document = await getJson<Document>(world, '/api/v1/spm/openapi.json');
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ method: method.toUpperCase(), path, ...item[method] }] : [])),
  );

const ask = (method: string, path: string) =>
  world.fetch(`/api/v1${path.replace('{name}', 'pdf-tools').replace('{version}', '1.0.0')}`, { method });

test('the hub serves the document that the code describes', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(documents()['spm.json'])));
});

test('every route is described, and every described route is there', () => {
  const routes = spm(world.deps, 0)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/\{[^}]*\}$/, '').replaceAll(/:(\w+)/g, '{$1}')}`);
  const described = operations().map(({ method, path }) => `${method} ${path}`);
  const served = [...new Set(routes)].filter((route) => route !== 'GET /spm/openapi.json');
  expect([...served, ...SHARED].sort()).toEqual(described.sort());
});

test('what is described as needing a key answers 401 without one, and nothing else does', async () => {
  for (const { method, path, security } of operations()) {
    // Without a body that says more, this one is another dialect's, which answers 401 just so.
    const { status } = await ask(method, path);
    expect(status === 401, `${method} ${path} answered ${status}`).toBe(security !== undefined && security.length > 0);
  }
});

test('an answer to an empty request is one that the document names', async () => {
  for (const { method, path, responses } of operations()) {
    const { status } = await ask(method, path);
    expect(Object.keys(responses), `${method} ${path}`).toContain(String(status));
  }
});

test('answers have the keys that the document names', async () => {
  for (const path of ['/skills', '/search?q=pdf', '/skills/{name}', '/skills/{name}/{version}', '/tags', '/version']) {
    const schema =
      document.paths[path.replace(/\?.*/, '')]?.get?.responses['200']?.content?.['application/json']?.schema;
    const body = await (await ask('GET', path)).json<{ data: object }>();
    expect(Object.keys(body.data).sort(), path).toEqual(Object.keys(schema?.properties?.data?.properties ?? {}).sort());
  }
});
