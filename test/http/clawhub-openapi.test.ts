import { beforeAll, expect, test } from 'vitest';
import { documents } from '../../openapi/documents.ts';
import { clawhub } from '../../src/http/clawhub/index.ts';
import { getJson } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown[] }>>;
}

let world: World;
let document: Document;

beforeAll(async () => {
  world = await createWorld();
  document = await getJson<Document>(world, '/api/v1/openapi.json');
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ method: method.toUpperCase(), path, ...item[method] }] : [])),
  );

const ask = (method: string, path: string) => world.fetch(`/api/v1${path.replaceAll(/\{\w+\}/g, 'abc')}`, { method });

test('the hub serves the document that is checked in', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(documents()['clawhub.json'])));
});

test('every route is described, and every described route is there', () => {
  const routes = clawhub(world.deps)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  const described = operations().map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(routes)].filter((route) => route !== 'GET /openapi.json').sort()).toEqual(described.sort());
  expect(described.length).toBeGreaterThan(25);
});

test('what is described as needing a key answers 401 without one, and nothing else does', async () => {
  for (const { method, path, security } of operations()) {
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
