import { beforeEach, describe, expect, test } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import {
  aliceAndBob,
  CURL,
  type Envelope,
  edited,
  hubGet,
  L,
  P,
  put,
  refusal,
  type SkillRecord,
} from '../support/skill-hub.ts';
import { bearer, type KeyHolder, publish, skill } from '../support/skills.ts';
import type { World } from '../support/world.ts';

interface Page {
  records: SkillRecord[];
  total: number;
}

let world: World;
let alice: KeyHolder;
let bob: KeyHolder;

beforeEach(async () => {
  ({ world, alice, bob } = await aliceAndBob());
});

describe('doctor', () => {
  test('finds the keyed channel: 200, code, total and a sample', async () => {
    const response = await world.fetch(`${P}/search?size=1`, { headers: { ...CURL, ...alice.headers } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const body = await response.json<Envelope<Page>>();
    expect([body.code, body.data.total, body.data.records[0]?.slug]).toEqual([200, 1, 'calendar']);
  });

  test('finds the open channel without a key', async () => {
    const response = await world.fetch(`${L}/search?size=1`, { headers: CURL });
    expect(response.status).toBe(200);
    expect((await response.json<Envelope<Page>>()).code).toBe(200);
  });

  test('is told that its key is bad', async () => {
    const response = await world.fetch(`${P}/search?size=1`, { headers: { ...CURL, ...bearer('skh_bad') } });
    expect((await refusal(response)).status).toBe(401);
  });

  test.each([L, P])('probes %s/edit/__probe__ without a key and hears 404, not 401', async (prefix) => {
    expect((await refusal(await put(world, '__probe__', '{}', {}, prefix))).status).toBe(404);
  });
});

describe('sync', () => {
  const FULL = 'size=100&orderBy=updatedAt&order=desc';

  test('full: every record has what it reads', async () => {
    const { records, total } = await hubGet<Page>(world, `${P}/search?page=1&${FULL}`, alice.headers);
    expect(total).toBe(1);
    expect(records).toEqual([
      {
        slug: 'calendar',
        displayName: 'calendar',
        summary: 'Reads, fills and merges PDF files for an agent.',
        owner: { displayName: 'alice', handle: 'alice', email: 'alice@example.com' },
        visibility: 'public',
        source: 'personal',
        updatedAt: Date.UTC(2026, 0, 1),
        latestVersion: { version: '1.0.0' },
        tags: ['productivity'],
        scene: [],
        applicablePosition: [],
        businessDomain: [],
        business: [],
        platform: [],
      },
    ]);
  });

  test('anonymously it says current where it says page with a key', async () => {
    await publish(world, alice.key, { name: 'weather' });
    const slugs = async (query: string) =>
      (await hubGet<Page>(world, `${L}/search?${query}`)).records.map(({ slug }) => slug);
    expect(await slugs(`current=1&${FULL}`)).toEqual(['weather', 'calendar']);
    expect(await slugs('current=2&size=1&orderBy=updatedAt&order=desc')).toEqual(['calendar']);
    expect(await slugs(`current=2&${FULL}`)).toEqual([]);
  });

  test('incremental: whatever changes is later than all that was seen, though the clock stands still', async () => {
    await publish(world, bob.key, { name: 'weather' });
    let cursor = 0;
    const later = async () => {
      const { records } = await hubGet<Page>(world, `${P}/search?page=1&${FULL}`, alice.headers);
      const news = records.filter(({ updatedAt }) => updatedAt > cursor).map(({ slug }) => slug);
      cursor = Math.max(cursor, ...records.map(({ updatedAt }) => updatedAt));
      return news;
    };
    expect(await later()).toEqual(['weather', 'calendar']);
    expect(await later()).toEqual([]);
    for (const [slug, change] of [
      ['calendar', () => edited(world, 'calendar', { summary: 'One.' }, alice.headers)],
      ['calendar', () => edited(world, 'calendar', { summary: 'One.' }, alice.headers)],
      ['weather', () => edited(world, 'weather', { visibility: 'public' }, bob.headers)],
      ['calendar', () => edited(world, 'calendar', { visibility: 'private' }, alice.headers)],
      ['calendar', () => publish(world, alice.key, { name: 'calendar', version: '1.1.0' })],
      ['weather', () => publish(world, bob.key, { name: 'weather', version: '0.9.0' })],
      ['umbrella', () => publish(world, bob.key, { name: 'umbrella' })],
    ] as const) {
      await change();
      expect(await later()).toEqual([slug]);
    }
  });
});

describe('install', () => {
  test('asks for the newest version first', async () => {
    await publish(world, alice.key, { name: 'calendar', version: '1.10.0' });
    await publish(world, alice.key, { name: 'calendar', version: '1.9.0' });
    await publish(world, alice.key, { name: 'calendar', version: '2.0.0-beta.1' });
    world.advance(5);
    const items = async (query: string) =>
      (await hubGet<{ items: { version: string }[] }>(world, `${P}/versions/calendar${query}`, bob.headers)).items;
    expect(await items('?limit=1')).toEqual([{ version: '1.10.0', createdAt: Date.UTC(2026, 0, 1), changelog: '' }]);
    expect((await items('')).map(({ version }) => version)).toEqual(['1.10.0', '1.9.0', '1.0.0', '2.0.0-beta.1']);
  });

  test.each(['?version=1.0.0&track=true', '?track=true', '?version=&track=true', ''])(
    'downloads a zip without a key: %j',
    async (query) => {
      const response = await world.fetch(`${L}/download/calendar${query}`, { headers: CURL, redirect: 'manual' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/zip');
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="calendar-1.0.0.zip"');
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(response.headers.get('content-length')).toBe(String(bytes.length));
      expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('PK\u0003\u0004');
      const published = skill({ name: 'calendar', frontmatter: 'keywords: [productivity]\n' });
      expect((await readArchive(bytes)).files.map(({ path, bytes }) => [path, bytes])).toEqual(
        published.files.map(({ path, bytes }) => [path, bytes]),
      );
    },
  );

  test('the bytes are those of the zip that the signature of /v1 covers', async () => {
    const zip = await world.fetch(`${L}/download/calendar?version=1.0.0&track=true`, { headers: CURL });
    const same = await world.fetch('/v1/download/alice/calendar/1.0.0?format=zip');
    expect(await zip.arrayBuffer()).toEqual(await same.arrayBuffer());
    expect(zip.headers.get('etag')).toBe(same.headers.get('etag'));
  });

  test('a version that there is not, a yanked one and a slug that there is not are 404', async () => {
    await publish(world, alice.key, { name: 'calendar', version: '0.9.0' });
    await world.fetch('/v1/packages/alice/calendar/0.9.0/yank', { method: 'POST', headers: alice.headers });
    for (const path of ['calendar?version=3.0.0', 'calendar?version=0.9.0', 'ghost?track=true', 'Calendar', 'a%2Fb']) {
      expect((await refusal(await world.fetch(`${L}/download/${path}`, { headers: CURL }))).status, path).toBe(404);
    }
  });

  test('a private skill is 403 for nobody and for others, 401 for a bad key, and there for its own', async () => {
    await edited(world, 'calendar', { visibility: 'private' }, alice.headers);
    const download = (headers: Record<string, string>) =>
      world.fetch(`${L}/download/calendar?version=1.0.0&track=true`, { headers: { ...CURL, ...headers } });
    for (const headers of [{}, bob.headers]) {
      expect(await refusal(await download(headers))).toEqual({
        status: 403,
        message: "The skill 'calendar' is private. Send an API key of the namespace that owns it.",
      });
    }
    expect((await refusal(await download(bearer('skh_bad')))).status).toBe(401);
    const own = await download(alice.headers);
    expect(own.status).toBe(200);
    expect(own.headers.get('cache-control')).toBe('private, no-cache');
  });
});

test('a custom source gets the archive from the bare address, without key and query', async () => {
  const response = await world.fetch(`${L}/download/calendar`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
});

test('the history of a version names its publisher and files', async () => {
  const read = (headers?: Record<string, string>) =>
    hubGet(world, headers ? `${P}/versions/calendar/1.0.0` : `${L}/versions/calendar/1.0.0`, headers);
  const version = {
    version: '1.0.0',
    changelog: '',
    publishedAt: Date.UTC(2026, 0, 1),
    publisher: 'alice@example.com',
    files: [{ path: 'SKILL.md', size: expect.any(Number) }],
  };
  expect(await read(alice.headers)).toEqual({ version });
  expect(await read()).toEqual({ version: { ...version, publisher: 'alice' } });
});
