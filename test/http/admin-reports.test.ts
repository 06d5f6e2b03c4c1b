import { beforeEach, expect, test } from 'vitest';
import { auditOf, moderate, newModerator, OPERATOR, proveAddress } from '../support/moderation.ts';
import { getJson, newNamespace, postJson, problemOf, publish, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const PATH = '/v1/packages/acme/pdf-tools/1.0.0';
const REASON = { reason: 'Looked at.' };

type Headers = Record<string, string>;
let world: World;
let headers: Headers;

async function start(reportsToHide = 4) {
  const made = await worldWithKey({ settings: { reportsToHide } });
  world = made.world;
  headers = made.headers;
  await publish(world, made.key);
}

beforeEach(() => start());

const isShown = async () => (await world.fetch(PATH)).status === 200;
const report = (as: Headers) => postJson(world, '/api/v1/skills/pdf-tools/report', { reason: 'It steals.' }, as);

/** Namespaces whose addresses were proven, and that are a week old. */
async function citizens(count: number, ageMs = WEEK): Promise<Headers[]> {
  const made = await strangers(count, ageMs);
  for (let i = 0; i < count; i++) await proveAddress(world, `citizen-${i}`);
  return made;
}

/** The same, but that nobody knows whether they read their mail. */
async function strangers(count: number, ageMs = WEEK): Promise<Headers[]> {
  const made: Headers[] = [];
  for (let i = 0; i < count; i++) made.push((await newNamespace(world, `citizen-${i}`)).headers);
  world.advance(ageMs);
  return made;
}

async function reportedBy(reporters: Headers[]): Promise<string[]> {
  const ids: string[] = [];
  for (const as of reporters) {
    const response = await report(as);
    if (response.status !== 200) throw new Error(`report answered ${response.status}: ${await response.text()}`);
    ids.push((await response.json<{ reportId: string }>()).reportId);
  }
  return ids;
}

test('the fourth report hides a skill until somebody has looked; its owner is told', async () => {
  const reporters = await citizens(4);
  await reportedBy(reporters.slice(0, 3));
  expect(await isShown()).toBe(true);
  await reportedBy(reporters.slice(3));
  expect(await isShown()).toBe(false);
  expect(await getJson(world, '/v1/search')).toMatchObject({ total: 0 });
  expect(await problemOf(await world.fetch(PATH, { headers }))).toMatchObject({
    detail: '@acme/pdf-tools is hidden until a moderator has looked at reports about it.',
    fix: 'Appeal: skills appeal @acme/pdf-tools, or POST /v1/packages/acme/pdf-tools/appeal.',
  });
  expect(world.outbox.at(-1)).toMatchObject({ to: 'acme@example.com', subject: '@acme/pdf-tools is hidden for now' });
  expect((await world.fetch('/api/v1/skills/pdf-tools/undelete', { method: 'POST', headers })).status).toBe(403);
  expect(await auditOf(world)).toEqual([{ actor: 'system', act: 'skill.hide', subject: '@acme/pdf-tools' }]);
  const { items } = await getJson<{ items: object[] }>(world, '/v1/admin/queue?kind=report', OPERATOR);
  expect(items).toHaveLength(4);
});

test('it is shown again when all were dismissed, those as well that did not count', async () => {
  const { headers: stranger } = await newNamespace(world, 'stranger');
  const [last = '', ...others] = await reportedBy([stranger, ...(await citizens(4))]);
  expect(await isShown()).toBe(false);
  for (const id of others) {
    expect(await isShown()).toBe(false);
    await moderate(world, `reports/${id}/dismiss`, REASON);
  }
  expect(await isShown()).toBe(false);
  const dismissed = await moderate(world, `reports/${last}/dismiss`, REASON);
  expect(await dismissed.json()).toEqual({ namespace: 'acme', name: 'pdf-tools', count: 0 });
  expect(await isShown()).toBe(true);
  expect(world.outbox.at(-1)?.subject).toBe('@acme/pdf-tools is shown again');
  expect((await auditOf(world)).map(({ actor, act }) => `${actor} ${act}`)).toEqual([
    'system skill.hide',
    ...Array(5).fill('operator report.dismiss'),
    'operator skill.show',
  ]);
});

/** SQL that gives the four citizens their addresses; `n` is the number of each. */
test.each([
  ["'a' || n || '@evil.test'", true],
  ["'a' || n || '@x' || n || '.evil.test'", true],
  ["'a' || n || '@x' || n || '.evil.co.uk'", true],
  ["'a' || n || '@evil' || n || '.co.uk'", false],
  ["'a' || n || '@evil' || n || '.test'", false],
  ["'a' || n || '@gmail.com'", false],
  ["'a' || n || '@yahoo.co.uk'", false],
  ["'a' || n || '@example.com'", false],
  ["'a+' || n || '@example.com'", true],
  ["substr('abcdefgh', 1, n + 1) || '.' || substr('abcdefgh', n + 2) || '@gmail.com'", true],
  ["'me@' || case when n < 3 then 'gmail.com' else 'googlemail.com' end", true],
])('reporters with addresses %s: shown is %j', async (email, expected) => {
  const reporters = await citizens(4);
  const set = email.replaceAll(/\bn\b/g, 'cast(substr(slug, 9) as integer)');
  await world.client.execute(`update namespaces set email = ${set} where slug like 'citizen-%'`);
  await reportedBy(reporters);
  expect(await isShown()).toBe(expected);
});

test('shown by a moderator, it takes four others to hide it again', async () => {
  const reporters = await citizens(5);
  await reportedBy(reporters.slice(0, 4));
  await moderate(world, 'skills/acme/pdf-tools/show', REASON);
  expect(await isShown()).toBe(true);
  await reportedBy(reporters);
  expect(await isShown()).toBe(true);
  expect(await getJson(world, '/v1/admin/queue?kind=report', OPERATOR)).toMatchObject({ items: [{ by: 'citizen-4' }] });
});

test('one that is confirmed keeps it hidden, whatever becomes of the others', async () => {
  const [first = '', ...others] = await reportedBy(await citizens(4));
  const warden = await newModerator(world);
  expect((await moderate(world, `reports/${first}/confirm`, REASON, warden.headers)).status).toBe(200);
  for (const id of others) await moderate(world, `reports/${id}/dismiss`, REASON, warden.headers);
  expect(await isShown()).toBe(false);
  expect(await problemOf(await world.fetch(PATH, { headers }))).toMatchObject({
    detail: '@acme/pdf-tools was hidden by a moderator: What users reported about it was confirmed.',
  });
  expect((await moderate(world, `reports/${first}/dismiss`, REASON)).status).toBe(409);
});

test.each<[string, () => Promise<void>]>([
  ['namespaces made for it', async () => void (await reportedBy(await citizens(6, WEEK - 1)))],
  ['whoever has not shown to read their mail', async () => void (await reportedBy(await strangers(6)))],
  [
    'many addresses of one mailbox',
    async () => {
      const reporters = await citizens(6);
      await world.client.execute(
        "update namespaces set email = 'one+' || slug || '@example.com' where slug like 'cit%'",
      );
      await reportedBy(reporters);
    },
  ],
  [
    'namespaces of one person',
    async () => {
      const reporters = await citizens(6);
      await world.client.execute("update namespaces set email = 'one@example.com' where slug like 'citizen-%'");
      await reportedBy(reporters);
    },
  ],
  [
    'whoever was wrong three times',
    async () => {
      const reporters = await citizens(6);
      await world.client.execute(
        `insert into skills (namespace, name, visibility, created_at, updated_at)
         select 'acme', 'other-' || value, 'public', 0, 0 from json_each('[1,2,3]')`,
      );
      await world.client.execute(
        `insert into reports (id, skill_id, reporter, reason, state, created_at)
         select skills.id || namespaces.slug, skills.id, namespaces.slug, '', 'dismissed', 0
         from skills, namespaces where skills.name like 'other-%' and namespaces.slug like 'citizen-%'`,
      );
      await reportedBy(reporters);
    },
  ],
  [
    'reports that are a month apart',
    async () => {
      const reporters = await citizens(6);
      await reportedBy(reporters.slice(0, 3));
      world.advance(31 * DAY);
      await reportedBy(reporters.slice(3));
    },
  ],
  [
    'namespaces that were banned since',
    async () => {
      const reporters = await citizens(6);
      await reportedBy(reporters.slice(0, 3));
      for (let i = 0; i < 3; i++) await moderate(world, `namespaces/citizen-${i}/ban`, REASON);
      await reportedBy(reporters.slice(3));
    },
  ],
])('not hidden by %s', async (_who, act) => {
  await act();
  expect(await isShown()).toBe(true);
});

test('an address that is proven after the report counts from then on', async () => {
  const reporters = await strangers(4);
  for (const n of [0, 1, 2]) await proveAddress(world, `citizen-${n}`);
  await reportedBy(reporters);
  expect(await isShown()).toBe(true);
  await proveAddress(world, 'citizen-3');
  await report(reporters[3] ?? {});
  expect(await isShown()).toBe(false);
});

test('a banned namespace reports nothing', async () => {
  const [first = {}] = await citizens(1);
  await moderate(world, 'namespaces/citizen-0/ban', REASON);
  expect((await report(first)).status).toBe(403);
});

test('an operator can turn it off', async () => {
  await start(0);
  await reportedBy(await citizens(6));
  expect(await isShown()).toBe(true);
});

test('reports are for moderators of something else', async () => {
  const [id = ''] = await reportedBy(await citizens(1));
  await moderate(world, 'skills/acme/missing/hide', REASON);
  expect((await moderate(world, `reports/${id}/confirm`, REASON, {})).status).toBe(401);
  expect((await moderate(world, `reports/${id}/confirm`, REASON, headers)).status).toBe(403);
  expect((await moderate(world, 'reports/missing/confirm', REASON)).status).toBe(404);
  await world.fetch('/v1/admin/namespaces/acme/moderator', {
    method: 'PUT',
    headers: { ...OPERATOR, 'content-type': 'application/json' },
    body: JSON.stringify({ moderator: true }),
  });
  expect((await moderate(world, `reports/${id}/dismiss`, REASON, headers)).status).toBe(403);
});
