import { expect, test } from 'vitest';
import { auditOf, moderate, newModerator, OPERATOR } from '../support/moderation.ts';
import { getJson, newNamespace, postJson, publish, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY } from '../support/world.ts';

interface Page {
  events: { id: string; act: string; subject: string; actor: string; key_id: string | null; details: unknown }[];
  next: string | null;
}

async function someActs() {
  const made = await worldWithKey();
  await publish(made.world, made.key);
  const warden = await newModerator(made.world);
  for (const act of ['hide', 'show', 'hide']) {
    made.world.advance(1);
    await moderate(made.world, `skills/acme/pdf-tools/${act}`, { reason: `To ${act} it.` }, warden.headers);
  }
  return { ...made, warden };
}

test('the log is read page by page, and by subject', async () => {
  const { world, warden } = await someActs();
  const first = await getJson<Page>(world, '/v1/admin/audit?limit=2', warden.headers);
  expect(first.events.map(({ act }) => act)).toEqual(['moderator.appoint', 'skill.hide']);
  expect(first.events[1]).toEqual({
    id: first.next,
    at: '2026-01-01T00:00:00.001Z',
    actor: 'warden',
    key_id: expect.stringMatching(/^[0-9a-z]{26}$/),
    act: 'skill.hide',
    subject: '@acme/pdf-tools',
    details: { reason: 'To hide it.' },
  });
  const rest = await getJson<Page>(world, `/v1/admin/audit?limit=2&after=${first.next}`, OPERATOR);
  expect(rest.events.map(({ act }) => act)).toEqual(['skill.show', 'skill.hide']);
  expect(rest.next).toBeNull();
  const ofSkill = await getJson<Page>(world, '/v1/admin/audit?subject=%40acme%2Fpdf-tools', OPERATOR);
  expect(ofSkill.events).toHaveLength(3);
});

test('what an operator publishes and yanks for others is in it, and what they do themselves is not', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  expect(await auditOf(world)).toEqual([]);
  await publish(world, OPERATOR_KEY, { version: '2.0.0' }, '?namespace=acme');
  for (const path of ['1.0.0/unyank', '1.0.0/yank', '1.0.0/yank', 'yank', 'yank']) {
    await postJson(world, `/v1/packages/acme/pdf-tools/${path}`, {}, OPERATOR);
  }
  expect((await auditOf(world)).map(({ act, subject }) => `${act} ${subject}`)).toEqual([
    'version.publish @acme/pdf-tools@2.0.0',
    'version.unyank @acme/pdf-tools@1.0.0',
    'version.yank @acme/pdf-tools@1.0.0',
    'skill.yank @acme/pdf-tools',
  ]);
});

test('nobody else reads it', async () => {
  const { world, headers } = await someActs();
  const umbrella = await newNamespace(world, 'umbrella');
  expect((await world.fetch('/v1/admin/audit')).status).toBe(401);
  expect((await world.fetch('/v1/admin/audit', { headers })).status).toBe(403);
  expect((await world.fetch('/v1/admin/audit', { headers: umbrella.headers })).status).toBe(403);
});

test('nothing changes or deletes a line of it', async () => {
  const { world } = await someActs();
  const before = (await world.client.execute('select * from audit_events order by id')).rows;
  expect(before).toHaveLength(4);
  for (const statement of [
    "update audit_events set actor = 'nobody'",
    'delete from audit_events',
    "delete from audit_events where act = 'skill.hide'",
  ]) {
    await expect(world.client.execute(statement), statement).rejects.toThrow('the audit log is append-only');
  }
  expect((await world.client.execute('select * from audit_events order by id')).rows).toEqual(before);
});

test('no secret and no mail is in it', async () => {
  const { world, key } = await someActs();
  const text = JSON.stringify((await world.client.execute('select * from audit_events')).rows);
  expect(text).not.toContain(key);
  expect(text).not.toContain('example.com');
});
