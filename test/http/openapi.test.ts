import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { documents } from '../../openapi/documents.ts';
import { v1 } from '../../src/http/v1/index.ts';
import {
  askBelow,
  expectKeysAsDescribed,
  expectNamedAnswers,
  namesOf,
  type OpenapiDocument,
} from '../support/openapi.ts';
import { getJson } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

/** Served, but no part of the API that they describe. */
const ABOUT_THE_API = ['GET /openapi.json', 'GET /docs'];

let world: World;
let document: OpenapiDocument;

beforeAll(async () => {
  world = await createWorld();
  document = await getJson<OpenapiDocument>(world, '/v1/openapi.json');
});

const ask = askBelow(() => world, '/v1');

test.each(Object.entries(documents()))(
  'openapi/%s is what the code says; npm run openapi writes it',
  (file, described) => {
    const checkedIn = readFileSync(join(import.meta.dirname, '../../openapi', file), 'utf8');
    expect(JSON.parse(checkedIn)).toEqual(JSON.parse(JSON.stringify(described)));
  },
);

test('the hub serves the document that is checked in', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(documents()['v1.json'])));
});

test('every route is described, and every described route is there', () => {
  const routes = v1(world.deps)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  const described = namesOf(document);
  expect([...new Set(routes)].filter((route) => !ABOUT_THE_API.includes(route)).sort()).toEqual(described);
  expect(described.length).toBeGreaterThan(15);
});

test('what is described as needing a key answers 401 without one, and nothing else does', async () => {
  await expectKeysAsDescribed(document, ask);
});

test('an answer to an empty request is one that the document names', async () => {
  await expectNamedAnswers(document, ask);
});

test('the page names every path, and runs nothing', async () => {
  const response = await world.fetch('/v1/docs');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  );
  const html = await response.text();
  expect(html).toMatch(/^<!doctype html><html lang="en">/);
  expect(html).not.toMatch(/<script|\son\w+=|javascript:/i);
  for (const path of Object.keys(document.paths)) expect(html).toContain(`<code>/v1${path}</code>`);
});

test('every link within the page leads somewhere', async () => {
  const html = await (await world.fetch('/v1/docs')).text();
  const targets = Array.from(html.matchAll(/href="#([^"]+)"/g), ([, id]) => id);
  expect(targets.length).toBeGreaterThan(20);
  for (const id of new Set(targets)) expect(html).toContain(`id="${id}"`);
});
