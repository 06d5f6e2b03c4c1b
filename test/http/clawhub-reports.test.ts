import { expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { OPERATOR } from '../support/moderation.ts';
import { furtherKey, getJson, newNamespace, postJson, publish, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

const START = Date.UTC(2026, 0, 1);
const REPORTS = '/api/v1/skills/-/reports';

type Headers = Record<string, string>;

async function worldWithSkill(query?: string) {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key, {}, query);
  return { world, key, headers, other: await newNamespace(world, 'other') };
}

const report = (world: World, headers: Headers, ref: string, body: unknown = { reason: 'It steals.' }) =>
  postJson(world, `/api/v1/skills/${ref}/report`, body, headers);
const triage = (world: World, headers: Headers, id: string, body: unknown) =>
  postJson(world, `${REPORTS}/${id}/triage`, body, headers);
const list = (world: World, query = '') =>
  getJson<{ items: Record<string, unknown>[]; nextCursor: string | null }>(world, `${REPORTS}${query}`, OPERATOR);

async function ok(response: Response): Promise<Record<string, unknown>> {
  if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.json();
}

test('a namespace reports a skill once; others count too', async () => {
  const { world, other } = await worldWithSkill();
  const third = await newNamespace(world, 'third');
  const first = await ok(await report(world, other.headers, 'pdf-tools', { reason: ' It steals. ', version: '1.0.0' }));
  expect(first).toEqual({
    ok: true,
    reported: true,
    alreadyReported: false,
    reportId: expect.stringMatching(/^\w{26}$/),
    skillId: 'acme/pdf-tools',
    reportCount: 1,
  });
  expect(await ok(await report(world, other.headers, 'PDF-tools', { reason: 'Really!' }))).toEqual({
    ...first,
    reported: false,
    alreadyReported: true,
  });
  const reader = await furtherKey(world, third.key, ['read']);
  expect(await ok(await report(world, reader.headers, 'pdf-tools'))).toMatchObject({ reported: true, reportCount: 2 });
  const { rows } = await world.client.execute('SELECT reporter, reason, version, state FROM reports ORDER BY rowid');
  expect(rows).toEqual([
    { reporter: 'other', reason: 'It steals.', version: '1.0.0', state: 'open' },
    { reporter: 'third', reason: 'It steals.', version: null, state: 'open' },
  ]);
});

test('operators see what is open, and end it', async () => {
  const { world, other } = await worldWithSkill();
  const { reportId: id } = await ok(
    await report(world, other.headers, 'pdf-tools', { reason: 'Bad.', version: '1.0.0' }),
  );
  const item = {
    reportId: id,
    skillId: 'acme/pdf-tools',
    slug: 'pdf-tools',
    displayName: 'pdf-tools',
    version: '1.0.0',
    reason: 'Bad.',
    status: 'open',
    createdAt: START,
    reporter: { userId: 'other', handle: 'other', displayName: 'other' },
    triagedAt: null,
  };
  expect(await list(world)).toEqual({ items: [item], nextCursor: null, done: true });
  expect((await list(world, '?status=confirmed')).items).toEqual([]);

  world.advance(1000);
  const confirmed = {
    ok: true,
    reportId: id,
    skillId: 'acme/pdf-tools',
    status: 'confirmed',
    reportCount: 1,
    actionTaken: 'none',
  };
  const body = { status: 'confirmed', note: 'Seen.', finalAction: 'none' };
  expect(await ok(await triage(world, OPERATOR, String(id), body))).toEqual(confirmed);
  world.advance(1000);
  expect(await ok(await triage(world, OPERATOR, String(id), body))).toEqual(confirmed);
  expect(await refusalOf(await triage(world, OPERATOR, String(id), { status: 'dismissed' }))).toEqual({
    status: 409,
    text: 'The report is confirmed already. Leave it so.',
  });
  expect((await list(world)).items).toEqual([]);
  const ended = [{ ...item, status: 'confirmed', triagedAt: START + 1000 }];
  expect((await list(world, '?state=confirmed')).items).toEqual(ended);
  expect((await list(world, '?status=all')).items).toEqual(ended);
  expect(await getJson(world, '/api/v1/skills/pdf-tools')).toMatchObject({ skill: { slug: 'pdf-tools' } });
});

test('a dismissed report does not count, and cannot be made again', async () => {
  const { world, other } = await worldWithSkill();
  const { reportId: id } = await ok(await report(world, other.headers, 'pdf-tools'));
  expect(await ok(await triage(world, OPERATOR, String(id), { status: 'dismissed' }))).toMatchObject({
    reportCount: 0,
  });
  expect(await ok(await report(world, other.headers, 'pdf-tools'))).toMatchObject({
    alreadyReported: true,
    reportId: id,
    reportCount: 0,
  });
});

test('the list comes in pages, oldest first', async () => {
  const { world } = await worldWithSkill();
  const reporters = ['one-ns', 'two-ns', 'three-ns'];
  for (const name of reporters) {
    const { headers } = await newNamespace(world, name);
    await ok(await report(world, headers, 'pdf-tools', { reason: `From ${name}` }));
    world.advance(1000);
  }
  const reasons = ({ items }: { items: Record<string, unknown>[] }) => items.map(({ reason }) => reason);
  const first = await list(world, '?limit=2');
  expect(reasons(first)).toEqual(['From one-ns', 'From two-ns']);
  const last = await list(world, `?limit=2&cursor=${first.nextCursor}`);
  expect(reasons(last)).toEqual(['From three-ns']);
  expect(last).toMatchObject({ nextCursor: null, done: true });
});

test('twenty reports may wait, and no more', async () => {
  const { world, other } = await worldWithSkill();
  await world.client.execute(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
     INSERT INTO skills (namespace, name, visibility, created_at, updated_at) SELECT 'acme', 'skill-' || i, 'public', 0, 0 FROM n`,
  );
  await world.client.execute(
    `INSERT INTO reports (id, skill_id, reporter, reason, state, created_at)
     SELECT 'report-' || id, id, 'other', 'Bad.', 'open', 0 FROM skills WHERE name LIKE 'skill-%'`,
  );
  const tooMany = {
    status: 429,
    text: "20 reports of 'other' wait to be looked at. Wait until an operator has dealt with some of them.",
  };
  expect(await refusalOf(await report(world, other.headers, 'pdf-tools'))).toEqual(tooMany);
  const [first] = (await world.client.execute('SELECT id FROM reports ORDER BY id LIMIT 1')).rows;
  await ok(await triage(world, OPERATOR, String(first?.id), { status: 'dismissed' }));
  expect(await ok(await report(world, other.headers, 'pdf-tools'))).toMatchObject({ reported: true });
});

test('what cannot be reported, and by whom', async () => {
  const { world, headers, key } = await worldWithSkill();
  const other = await newNamespace(world, 'stranger');
  await publish(world, key, { name: 'secret-plan' }, '?visibility=private');
  await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, headers);
  const labs = { ownerHandle: 'acme-labs' };
  expect((await refusalOf(await report(world, {}, 'pdf-tools'))).status).toBe(401);
  expect(await refusalOf(await report(world, OPERATOR, 'pdf-tools'))).toEqual({
    status: 403,
    text: 'Reports are made in the name of a namespace, and the operator has none. Use a key of a namespace.',
  });
  expect(await refusalOf(await report(world, headers, 'pdf-tools'))).toEqual({
    status: 409,
    text: '@acme/pdf-tools is your own. Hide it, or yank a version.',
  });
  await publish(world, key, { name: 'csv-tools' }, `?namespace=${labs.ownerHandle}`);
  expect((await refusalOf(await report(world, headers, 'csv-tools'))).status).toBe(409);
  const missing = { status: 404, text: 'Skill not found' };
  expect(await refusalOf(await report(world, other.headers, 'ghost'))).toEqual(missing);
  expect(await refusalOf(await report(world, other.headers, 'acme.secret-plan'))).toEqual(missing);
  expect(await refusalOf(await report(world, other.headers, 'pdf-tools', { reason: 'x', version: '9.9.9' }))).toEqual({
    status: 404,
    text: 'Version not found',
  });
  for (const body of [{}, { reason: ' ' }, { reason: 'x'.repeat(501) }]) {
    expect((await refusalOf(await report(world, other.headers, 'pdf-tools', body))).status).toBe(400);
  }
  await ok(await report(world, other.headers, 'pdf-tools', { reason: 'x'.repeat(500) }));
});

test('the reports are for operators', async () => {
  const { world, headers, other } = await worldWithSkill();
  const { reportId: id } = await ok(await report(world, other.headers, 'pdf-tools'));
  expect((await refusalOf(await world.fetch(REPORTS))).status).toBe(401);
  expect((await refusalOf(await triage(world, {}, String(id), { status: 'confirmed' }))).status).toBe(401);
  for (const as of [headers, other.headers]) {
    expect(await refusalOf(await world.fetch(REPORTS, { headers: as }))).toEqual({
      status: 403,
      text: "Only operators and moderators of this hub can do this. Use the operator key, or a moderator's key with the scope 'admin'.",
    });
    expect((await refusalOf(await triage(world, as, String(id), { status: 'confirmed' }))).status).toBe(403);
  }
  expect(await refusalOf(await triage(world, OPERATOR, 'ghost', { status: 'confirmed' }))).toEqual({
    status: 404,
    text: 'There is no such report. List the reports.',
  });
  for (const body of [
    { status: 'open' },
    {},
    { status: 'confirmed', finalAction: 'hide' },
    { status: 'confirmed', hide: true },
  ]) {
    expect((await refusalOf(await triage(world, OPERATOR, String(id), body))).status).toBe(400);
  }
  expect((await refusalOf(await world.fetch(`${REPORTS}?status=odd`, { headers: OPERATOR }))).status).toBe(400);
  expect((await list(world)).items).toHaveLength(1);
});
