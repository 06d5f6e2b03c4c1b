import { beforeAll, expect, test } from 'vitest';
import { documents } from '../../openapi/documents.ts';
import { spm } from '../../src/http/spm/index.ts';
import { expectKeysAsDescribed, expectNamedAnswers, namesOf, type OpenapiDocument } from '../support/openapi.ts';
import { getJson, newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

/** Described here and served by the dialect that has them too. */
const SHARED = ['GET /skills', 'GET /search', 'GET /skills/{name}'];

let world: World;
let document: OpenapiDocument;

beforeAll(async () => {
  world = await createWorld();
  await publish(world, (await newNamespace(world)).key);
  document = await getJson<OpenapiDocument>(world, '/api/v1/spm/openapi.json');
});

const ask = (method: string, path: string) =>
  world.fetch(`/api/v1${path.replace('{name}', 'pdf-tools').replace('{version}', '1.0.0')}`, { method });

test('the hub serves the document that the code describes', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(documents()['spm.json'])));
});

test('every route is described, and every described route is there', () => {
  const routes = spm(world.deps, 0)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/\{[^}]*\}$/, '').replaceAll(/:(\w+)/g, '{$1}')}`);
  const described = namesOf(document);
  const served = [...new Set(routes)].filter((route) => route !== 'GET /spm/openapi.json');
  expect([...served, ...SHARED].sort()).toEqual(described);
});

test('what is described as needing a key answers 401 without one, and nothing else does', async () => {
  // Without a body that says more, some of these are another dialect's, which answers 401 just so.
  await expectKeysAsDescribed(document, ask);
});

test('an answer to an empty request is one that the document names', async () => {
  await expectNamedAnswers(document, ask);
});

test('answers have the keys that the document names', async () => {
  for (const path of ['/skills', '/search?q=pdf', '/skills/{name}', '/skills/{name}/{version}', '/tags', '/version']) {
    const schema =
      document.paths[path.replace(/\?.*/, '')]?.get?.responses['200']?.content?.['application/json']?.schema;
    const body = await (await ask('GET', path)).json<{ data: object }>();
    expect(Object.keys(body.data).sort(), path).toEqual(Object.keys(schema?.properties?.data?.properties ?? {}).sort());
  }
});
