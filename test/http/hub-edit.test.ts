import { beforeEach, expect, test } from 'vitest';
import {
  aliceAndBob,
  type Envelope,
  edited,
  hubGet,
  L,
  P,
  put,
  refusal,
  type SkillRecord,
  type Snapshot,
} from '../support/skill-hub.ts';
import { bearer, furtherKey, getJson, type KeyHolder, publish } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

let world: World;
let alice: KeyHolder;
let bob: KeyHolder;

beforeEach(async () => {
  ({ world, alice, bob } = await aliceAndBob());
});

const SNAPSHOT = {
  slug: 'calendar',
  displayName: 'calendar',
  summary: 'Reads, fills and merges PDF files for an agent.',
  ownerEmail: 'alice@example.com',
  visibility: 'public',
  videoAttachmentUrl: '',
  businessCategory: '',
  applicablePosition: [],
  businessDomain: [],
  business: [],
  scene: [],
  platform: [],
  tags: ['productivity'],
  source: 'personal',
  updatedAt: Date.UTC(2026, 0, 1),
};

test('an empty object reads the card', async () => {
  const response = await put(world, 'calendar', '{}', alice.headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({ code: 200, message: '', success: true, data: SNAPSHOT });
});

test('a patch is kept word for word and in order, in both channels, and rolled back with all fields', async () => {
  const patch = {
    displayName: '  日程 “Calendar”\t',
    summary: 'Two\nlines & <b>, \\ "quoted"',
    tags: ['b', 'a', 'b', '', ' c '],
    platform: [],
  };
  const { updatedAt: _, ...before } = await edited(world, 'calendar', '{}', alice.headers);
  expect(await edited(world, 'calendar', patch, alice.headers)).toEqual({
    ...SNAPSHOT,
    ...patch,
    updatedAt: SNAPSHOT.updatedAt + 1,
  });
  const again = await edited(world, 'calendar', '{}', alice.headers);
  const detail = await hubGet<{ skill: Snapshot }>(world, `${L}/detail/calendar`, alice.headers);
  expect(detail.skill).toEqual(again);
  expect(again).toMatchObject(patch);
  const { slug: _slug, ownerEmail: _owner, source: _source, ...fields } = before;
  expect(await edited(world, 'calendar', fields, alice.headers)).toEqual({
    ...SNAPSHOT,
    updatedAt: SNAPSHOT.updatedAt + 2,
  });
});

test('others read the card without the address, and may not change it', async () => {
  for (const headers of [{}, bob.headers]) {
    const response = await put(world, 'calendar', '{}', headers);
    expect((await response.json<Envelope<Snapshot>>()).data).toEqual({ ...SNAPSHOT, ownerEmail: '' });
  }
  expect((await refusal(await put(world, 'calendar', { summary: 'Mine.' }, bob.headers))).status).toBe(403);
  expect((await refusal(await put(world, 'calendar', { summary: 'Mine.' }))).status).toBe(401);
  expect((await refusal(await put(world, 'ghost', { summary: 'Mine.' }))).status).toBe(404);
  expect(await edited(world, 'calendar', '{}', alice.headers)).toEqual(SNAPSHOT);
});

test('a private card is 403 for others in both channels', async () => {
  await edited(world, 'calendar', { visibility: 'private' }, alice.headers);
  for (const headers of [{}, bob.headers]) {
    expect((await refusal(await put(world, 'calendar', '{}', headers))).status).toBe(403);
    expect((await refusal(await world.fetch(`${L}/detail/calendar`, { headers }))).status).toBe(403);
  }
  expect(await edited(world, 'calendar', '{}', alice.headers)).toMatchObject({ visibility: 'private' });
});

test.each([
  ['{"summary": null}', 'Invalid body: summary: null is refused; send "" for nothing.'],
  ['{"tags": null}', 'Invalid body: tags: null is refused; send [] for nothing.'],
  ['{"tags": ["a", null]}', 'Invalid body: tags.1: null is refused; send "" for nothing.'],
  ['{"tags": "a,b"}', 'Invalid body: tags: Invalid input: expected array, received string.'],
  ['{"summary": 7}', 'Invalid body: summary: Invalid input: expected string, received number.'],
  ['{"visibility": ""}', 'Invalid body: visibility: Invalid option: expected one of "public"|"private".'],
  ['{"slug": "mine", "colour": "red"}', 'Invalid body: Unrecognized keys: "slug", "colour".'],
  ['{"summary": "\\ud800"}', 'Invalid body: summary: holds what is no text.'],
  ['{"tags": ["a\\u0000"]}', 'Invalid body: tags.0: holds what is no text.'],
  ['[]', 'Invalid body: Invalid input: expected object, received array.'],
  ['null', 'Invalid body: Invalid input: expected object, received null.'],
  ['{"summary": ', 'The body is not JSON. Send an object.'],
])('%s is refused, and nothing is changed', async (body, message) => {
  expect(await refusal(await put(world, 'calendar', body, alice.headers))).toEqual({ status: 422, message });
  expect(await edited(world, 'calendar', '{}', alice.headers)).toEqual(SNAPSHOT);
});

test.each([
  ['displayName', 256],
  ['summary', 4096],
  ['videoAttachmentUrl', 2048],
  ['businessCategory', 256],
])('%s holds up to %i characters', async (field, max) => {
  await edited(world, 'calendar', { [field]: 'x'.repeat(max) }, alice.headers);
  expect(await refusal(await put(world, 'calendar', { [field]: 'x'.repeat(max + 1) }, alice.headers))).toEqual({
    status: 422,
    message: `Invalid body: ${field}: Too big: expected string to have <=${max} characters.`,
  });
});

test('a list holds up to 64 texts of 128 characters', async () => {
  const full = Array.from({ length: 64 }, () => 'x'.repeat(128));
  expect((await edited(world, 'calendar', { scene: full }, alice.headers)).scene).toEqual(full);
  expect((await refusal(await put(world, 'calendar', { scene: [...full, 'x'] }, alice.headers))).status).toBe(422);
  expect((await refusal(await put(world, 'calendar', { scene: ['x'.repeat(129)] }, alice.headers))).status).toBe(422);
});

test('a body of more than 64 KiB is too large', async () => {
  const { status } = await refusal(await put(world, 'calendar', ' '.repeat(65_537), alice.headers));
  expect(status).toBe(413);
});

test('no body at all reads, and a body counts as JSON whatever its type says', async () => {
  const request = { method: 'PUT', headers: { ...alice.headers, 'content-type': 'text/plain' } };
  const read = await world.fetch(`${L}/edit/calendar`, request);
  expect((await read.json<Envelope<Snapshot>>()).data).toEqual(SNAPSHOT);
  const wrote = await world.fetch(`${L}/edit/calendar`, { ...request, body: '{"summary":"Said."}' });
  expect((await wrote.json<Envelope<Snapshot>>()).data.summary).toBe('Said.');
});

test('the card needs publish, another visibility needs admin, and neither is done when one is missing', async () => {
  const reader = await furtherKey(world, alice.key, ['read']);
  const publisher = await furtherKey(world, alice.key, ['publish']);
  expect(await refusal(await put(world, 'calendar', { summary: 'No.' }, reader.headers))).toEqual({
    status: 403,
    message: "Your key lacks the scope 'publish'. Create a key with the scope 'publish'.",
  });
  expect(
    await refusal(await put(world, 'calendar', { summary: 'No.', visibility: 'private' }, publisher.headers)),
  ).toEqual({
    status: 403,
    message: "Your key lacks the scope 'admin'. Create a key with the scope 'admin'.",
  });
  expect(await edited(world, 'calendar', '{}', reader.headers)).toEqual(SNAPSHOT);
  expect(await edited(world, 'calendar', { summary: 'Yes.', visibility: 'public' }, publisher.headers)).toMatchObject({
    summary: 'Yes.',
  });
});

test('visibility goes through the whole hub', async () => {
  await edited(world, 'calendar', { visibility: 'private' }, alice.headers);
  expect((await world.fetch('/v1/packages/alice/calendar/1.0.0')).status).toBe(404);
  await edited(world, 'calendar', { visibility: 'public' }, alice.headers);
  expect((await world.fetch('/v1/packages/alice/calendar/1.0.0')).status).toBe(200);
});

test('operators edit every card, know every address, and alone say what is official', async () => {
  const operator = bearer(OPERATOR_KEY);
  expect(await refusal(await put(world, 'calendar', { source: 'official' }, alice.headers))).toEqual({
    status: 403,
    message: "Only an operator of this hub can set 'source'. Leave it out.",
  });
  expect(await edited(world, 'calendar', { source: 'official' }, operator)).toMatchObject({
    source: 'official',
    ownerEmail: 'alice@example.com',
  });
});

test('tags follow the keywords until the card is edited, and then stay', async () => {
  await publish(world, alice.key, { name: 'calendar', version: '1.1.0', frontmatter: 'keywords: [time]\n' });
  expect((await edited(world, 'calendar', '{}', alice.headers)).tags).toEqual(['time']);
  await edited(world, 'calendar', { summary: 'Mine.' }, alice.headers);
  await publish(world, alice.key, {
    name: 'calendar',
    version: '1.2.0',
    description: 'Another description, which the edited summary hides.',
    frontmatter: 'keywords: [dates]\n',
  });
  expect(await edited(world, 'calendar', '{}', alice.headers)).toMatchObject({ tags: ['time'], summary: 'Mine.' });
});

test('edits of different fields at the same time are all kept', async () => {
  const fields = ['displayName', 'summary', 'videoAttachmentUrl', 'businessCategory'];
  await Promise.all(fields.map((field) => edited(world, 'calendar', { [field]: field }, alice.headers)));
  const card = await edited(world, 'calendar', '{}', alice.headers);
  expect(card).toMatchObject(Object.fromEntries(fields.map((field) => [field, field])));
  expect(card.updatedAt).toBe(SNAPSHOT.updatedAt + 4);
});

test('what was edited is found, here and in /v1, and forgotten answers are not served', async () => {
  const here = async () =>
    (await hubGet<{ records: SkillRecord[] }>(world, `${L}/search?keyword=almanac`)).records.map(({ slug }) => slug);
  const there = async () => (await getJson<{ total: number }>(world, '/v1/search?q=almanac')).total;
  const summary = async () => (await hubGet<{ skill: Snapshot }>(world, `${L}/detail/calendar`)).skill.summary;
  expect([await here(), await there(), await summary()]).toEqual([[], 0, SNAPSHOT.summary]);
  await edited(world, 'calendar', { displayName: 'Almanac', summary: 'Days.' }, alice.headers);
  expect([await here(), await there(), await summary()]).toEqual([['calendar'], 1, 'Days.']);
  await edited(world, 'calendar', { displayName: '' }, alice.headers);
  expect([await here(), await there()]).toEqual([[], 0]);
});

test('under the keyed prefix editing is the same, with a key', async () => {
  expect((await refusal(await put(world, 'calendar', '{}', {}, P))).status).toBe(401);
  expect((await refusal(await put(world, 'ghost', '{}', alice.headers, P))).status).toBe(404);
  const response = await put(world, 'calendar', { summary: 'Said.' }, alice.headers, P);
  expect((await response.json<Envelope<Snapshot>>()).data.summary).toBe('Said.');
});

test('a skill without a published version, and one that is hidden, are gone from every endpoint', async () => {
  await publish(world, bob.key, { name: 'weather' });
  await world.fetch('/v1/packages/bob/weather/1.0.0/yank', { method: 'POST', headers: bob.headers });
  await world.client.execute("UPDATE skills SET hidden_at = 1 WHERE slug = 'calendar'");
  for (const [slug, { headers }] of [
    ['weather', bob],
    ['calendar', alice],
  ] as const) {
    for (const path of [`download/${slug}`, `detail/${slug}`, `versions/${slug}`, `versions/${slug}/1.0.0`]) {
      expect((await refusal(await world.fetch(`${L}/${path}`, { headers }))).status, path).toBe(404);
    }
    expect((await refusal(await put(world, slug, '{}', headers))).status).toBe(404);
    expect(await hubGet(world, `${P}/search`, headers)).toEqual({ records: [], total: 0 });
  }
});
