import { beforeEach, expect, test } from 'vitest';
import { auditOf, moderate, newModerator, OPERATOR } from '../support/moderation.ts';
import { getJson, newNamespace, postJson, problemOf, publish, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

const DAY = 86_400_000;
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

/** Namespaces that are a day old. */
async function citizens(count: number, prefix = 'citizen'): Promise<Headers[]> {
  const made: Headers[] = [];
  for (let i = 0; i < count; i++) made.push((await newNamespace(world, `${prefix}-${i}`)).headers);
  world.advance(DAY);
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
    fix: 'Appeal: POST /v1/packages/acme/pdf-tools/appeal.',
  });
  expect(world.outbox.at(-1)).toMatchObject({ to: 'acme@example.com', subject: '@acme/pdf-tools is hidden for now' });
  expect((await world.fetch('/api/v1/skills/pdf-tools/undelete', { method: 'POST', headers })).status).toBe(403);
  expect(await auditOf(world)).toEqual([{ actor: 'system', act: 'skill.hide', subject: '@acme/pdf-tools' }]);
  const { items } = await getJson<{ items: object[] }>(world, '/v1/admin/queue?kind=report', OPERATOR);
  expect(items).toHaveLength(4);
});

test('dismissed, it is shown again as soon as too few are left', async () => {
  const [first = ''] = await reportedBy(await citizens(4));
  expect(await isShown()).toBe(false);
  const dismissed = await moderate(world, `reports/${first}/dismiss`, REASON);
  expect(await dismissed.json()).toEqual({ namespace: 'acme', name: 'pdf-tools', count: 3 });
  expect(await isShown()).toBe(true);
  expect(world.outbox.at(-1)?.subject).toBe('@acme/pdf-tools is shown again');
  expect((await auditOf(world)).map(({ actor, act }) => `${actor} ${act}`)).toEqual([
    'system skill.hide',
    'operator report.dismiss',
    'operator skill.show',
  ]);
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
  [
    'namespaces made for it',
    async () => {
      for (let i = 0; i < 6; i++) await reportedBy([(await newNamespace(world, `fresh-${i}`)).headers]);
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
