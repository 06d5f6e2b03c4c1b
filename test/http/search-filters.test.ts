import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SearchBody } from '../../src/http/v1/schemas.ts';
import { searchCatalogue } from '../support/search-catalogue.ts';
import { facets, getJson, type KeyHolder, newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let umbrella: KeyHolder;

const search = (query: string, headers?: Record<string, string>) =>
  getJson<SearchBody>(world, `/v1/search?${query}`, headers);
const names = async (query: string, headers?: Record<string, string>) =>
  (await search(query, headers)).packages.map(({ name }) => name);

beforeAll(async () => {
  world = await createWorld();
  ({ umbrella } = await searchCatalogue(world, 'Ada Byron'));
  world.advance(1_000);
  const secret = {
    name: 'kubernetes-deploy',
    description: 'Deploys to a cluster.',
    files: facets('Ada Byron', 'documents', 'claude'),
  };
  expect(await publish(world, umbrella.key, secret, '?visibility=private')).toMatchObject({ status: 'pass' });
  for (const [path, address] of [
    ['acme/csv-summarizer', '203.0.113.1'],
    ['acme/csv-summarizer', '203.0.113.2'],
    ['acme/pdf-tools', '203.0.113.1'],
  ]) {
    const headers = { 'x-forwarded-for': address ?? '', 'cf-connecting-ip': address ?? '' };
    await (await world.fetch(`/v1/download/${path}/1.0.0`, { headers })).arrayBuffer();
  }
  await world.count();
  world.advance(60_000);
});

describe('a filter', () => {
  test.each([
    ['tag=documents', ['csv-summarizer', 'pdf-tools']],
    ['tag=DOCUMENTS', ['csv-summarizer', 'pdf-tools']],
    ['tag=documents,forms', ['pdf-tools']],
    ['tag=document', []],
    ['framework=openai', ['weather-report', 'csv-summarizer']],
    ['framework=openai,claude', ['csv-summarizer']],
    ['author=Ada%20Byron', ['weather-report', 'pdf-tools']],
    ['author=Ada', []],
    ['author=Ada%20Byron&tag=forms', ['pdf-tools']],
    ['namespace=acme', ['csv-summarizer', 'pdf-tools']],
    ['namespace=acme&framework=openai', ['csv-summarizer']],
    ['namespace=nobody', []],
    ['q=the&author=ada%20byron', ['weather-report']],
    ['q=pdf&tag=documents', ['pdf-tools']],
    ['q=pdf&namespace=umbrella', []],
    ['q=pdf&framework=openai', []],
  ])('%s finds %j', async (query, expected) => {
    const body = await search(query);
    expect(body.packages.map(({ name }) => name)).toEqual(expected);
    expect([body.total, body.approximate]).toEqual([expected.length, undefined]);
  });

  test('by tag, framework or author finds public skills only', async () => {
    expect(await names('tag=documents', umbrella.headers)).not.toContain('kubernetes-deploy');
    expect(await names('namespace=umbrella', umbrella.headers)).toEqual(['kubernetes-deploy', 'weather-report']);
    expect(await names('namespace=umbrella')).toEqual(['weather-report']);
  });
});

describe('an order', () => {
  test.each([
    ['sort=downloads', ['csv-summarizer', 'pdf-tools', 'weather-report']],
    ['sort=trending', ['csv-summarizer', 'pdf-tools', 'weather-report']],
    ['sort=name', ['csv-summarizer', 'pdf-tools', 'weather-report']],
    ['sort=updated', ['weather-report', 'csv-summarizer', 'pdf-tools']],
    ['sort=relevance', ['weather-report', 'csv-summarizer', 'pdf-tools']],
    ['namespace=acme&sort=name', ['csv-summarizer', 'pdf-tools']],
    ['author=ada%20byron&sort=name', ['pdf-tools', 'weather-report']],
    ['tag=documents&sort=updated', ['csv-summarizer', 'pdf-tools']],
    ['q=e&sort=name', []],
    ['q=and&sort=downloads', ['csv-summarizer', 'pdf-tools']],
    ['q=and&sort=updated', ['csv-summarizer', 'pdf-tools']],
  ])('%s gives %j', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  test('pages hold as many as asked for', async () => {
    expect(await search('sort=name&limit=2')).toMatchObject({ total: 3, page: 1, page_size: 2 });
    expect(await names('sort=name&limit=2&page=2')).toEqual(['weather-report']);
    const far = await world.fetch('/v1/search?limit=100&page=201');
    expect([far.status, await far.json()]).toMatchObject([400, { code: 'invalid_request', fix: 'Narrow the search.' }]);
  });
});

describe('words that nothing has', () => {
  test.each([
    ['pdftoolz', ['pdf-tools']],
    ['pdf-tolls', ['pdf-tools']],
    ['pdf toolz', ['pdf-tools']],
    ['csv sumarize', ['csv-summarizer']],
    ['weahter tomorow', ['weather-report']],
    ['zurihc', ['weather-report']],
  ])('%j: what may have been meant is %j, and said to be approximate', async (q, expected) => {
    const body = await search(new URLSearchParams({ q }).toString());
    expect(body.packages.map(({ name }) => name)).toEqual(expected);
    expect(body).toMatchObject({ total: expected.length, approximate: true });
  });

  test.each(['zebra', 'pdf weather', 'wdf', 'pdf zzzz', 'kubernets'])('%j: nothing is near', async (q) => {
    expect(await search(new URLSearchParams({ q }).toString())).toMatchObject({ packages: [], total: 0 });
  });

  test.each([
    ['a word of 33 letters', 'llanfairpwllgwyngyllgogerychwyrns', 'llanfairpwllgwyngyllgogerychwyrnx', 0],
    ['a word of 32 letters', 'llanfairpwllgwyngyllgogerychwyrn', 'llanfairpwllgwyngyllgogerychwyrx', 1],
    ['five words', 'alpaca bonobo cheetah dolphin echidna', 'alpaco bonobo cheetah dolphin echidna', 0],
    ['four words', 'falcon gazelle hamster iguana', 'falcom gazelle hamster iguana', 1],
    ['the 201st letter', `${'lo '.repeat(70)}jaguarundi`, 'jaguarundy', 0],
  ])('%s: compared are short queries with the beginnings of texts', async (_, description, q, total) => {
    const small = await createWorld();
    const { key } = await newNamespace(small);
    await publish(small, key, { name: 'zoo', description: `About ${description}` });
    expect(await getJson(small, `/v1/search?${new URLSearchParams({ q })}`)).toMatchObject({ total });
    const exact = new URLSearchParams({ q: description.split(' ').at(-1) ?? '' });
    expect(await getJson(small, `/v1/search?${exact}`)).toMatchObject({ total: 1 });
  });

  test('a private skill is near for those who may read it', async () => {
    expect(await names('q=kubernets', umbrella.headers)).toEqual(['kubernetes-deploy']);
  });

  test('a filter is kept: nothing else is offered', async () => {
    expect(await search('q=pdftoolz&namespace=umbrella')).toMatchObject({ packages: [], total: 0 });
  });
});

test('authors of skills from before there was a filter are known by the migration', async () => {
  await world.client.execute("DELETE FROM skill_facets WHERE kind = 'author'");
  world.advance(60_000);
  expect(await names('author=bob')).toEqual([]);
  const migration = readFileSync(join(import.meta.dirname, '../../drizzle/0009_author_facets.sql'), 'utf8');
  await world.client.execute(migration);
  world.advance(60_000);
  expect(await names('author=bob')).toEqual(['csv-summarizer']);
  expect(await names('author=ada%20byron&sort=name')).toEqual(['pdf-tools', 'weather-report']);
});
