import { beforeAll, expect, test } from 'vitest';
import { documents } from '../../openapi/documents.ts';
import { clawhub } from '../../src/http/clawhub/index.ts';
import {
  askBelow,
  expectKeysAsDescribed,
  expectNamedAnswers,
  namesOf,
  type OpenapiDocument,
} from '../support/openapi.ts';
import { getJson } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let document: OpenapiDocument;

beforeAll(async () => {
  world = await createWorld();
  document = await getJson<OpenapiDocument>(world, '/api/v1/openapi.json');
});

const ask = askBelow(() => world, '/api/v1');

test('the hub serves the document that is checked in', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(documents()['clawhub.json'])));
});

test('every route is described, and every described route is there', () => {
  const routes = clawhub(world.deps)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  const described = namesOf(document);
  expect([...new Set(routes)].filter((route) => route !== 'GET /openapi.json').sort()).toEqual(described);
  expect(described.length).toBeGreaterThan(25);
});

test('what is described as needing a key answers 401 without one, and nothing else does', async () => {
  await expectKeysAsDescribed(document, ask);
});

test('an answer to an empty request is one that the document names', async () => {
  await expectNamedAnswers(document, ask);
});
