import { expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { auditOf, moderate, newModerator, OPERATOR, worldWithHidden } from '../support/moderation.ts';
import {
  furtherKey,
  getJson,
  newNamespace,
  problemOf,
  publish,
  tarGz,
  upload,
  worldWithKey,
} from '../support/skills.ts';

const SKILL = '/v1/packages/acme/pdf-tools/1.0.0';
const HIDE = 'skills/acme/pdf-tools/hide';
const SHOW = 'skills/acme/pdf-tools/show';

async function hiddenByModerator() {
  const { hidden, ...made } = await worldWithHidden();
  expect(await hidden.json()).toEqual({ namespace: 'acme', name: 'pdf-tools', changed: true });
  return made;
}

test('what a moderator hides nobody reads; its owner is told why, by mail too, and cannot show it again', async () => {
  const { world, headers, key } = await hiddenByModerator();
  expect(await problemOf(await world.fetch(SKILL))).toMatchObject({
    status: 404,
    detail: 'There is no skill @acme/pdf-tools.',
  });
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 0 });
  expect(await problemOf(await world.fetch(SKILL, { headers }))).toMatchObject({
    status: 404,
    detail: '@acme/pdf-tools was hidden by a moderator: It steals keys.',
    fix: 'Appeal: skills appeal @acme/pdf-tools, or POST /v1/packages/acme/pdf-tools/appeal.',
  });
  expect(world.outbox.at(-1)).toMatchObject({ to: 'acme@example.com', subject: '@acme/pdf-tools was hidden' });
  expect(world.outbox.at(-1)?.text).toContain('It steals keys.');

  const undelete = await world.fetch('/api/v1/skills/pdf-tools/undelete', { method: 'POST', headers });
  expect(await refusalOf(undelete)).toEqual({
    status: 403,
    text: '@acme/pdf-tools was hidden by a moderator: It steals keys. Appeal: skills appeal @acme/pdf-tools, or POST /v1/packages/acme/pdf-tools/appeal.',
  });
  expect(await refusalOf(await world.fetch('/api/v1/skills/pdf-tools', { headers }))).toMatchObject({ status: 410 });
  expect(await problemOf(await upload(world, key, await tarGz({ version: '2.0.0' })))).toMatchObject({
    status: 409,
    detail: '@acme/pdf-tools was hidden by a moderator: It steals keys.',
  });
});

test('a moderator shows it again; doing either twice changes nothing and is written down once', async () => {
  const { world, warden } = await hiddenByModerator();
  const again = await moderate(world, HIDE, { reason: 'Once more.' }, warden.headers);
  expect(await again.json()).toMatchObject({ changed: false });
  const mails = world.outbox.length;
  const shown = await moderate(world, SHOW, { reason: 'A mistake.' }, warden.headers);
  expect(await shown.json()).toEqual({ namespace: 'acme', name: 'pdf-tools', changed: true });
  expect(await (await moderate(world, SHOW, { reason: 'A mistake.' })).json()).toMatchObject({ changed: false });
  expect(world.outbox).toHaveLength(mails + 1);
  expect((await world.fetch(SKILL)).status).toBe(200);
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 1 });
  expect(await auditOf(world)).toEqual([
    { actor: 'operator', act: 'moderator.appoint', subject: 'namespace:warden' },
    { actor: 'warden', act: 'skill.hide', subject: '@acme/pdf-tools' },
    { actor: 'warden', act: 'skill.show', subject: '@acme/pdf-tools' },
  ]);
});

test('a moderator takes over what its owner has hidden, and leaves it to the owner otherwise', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers });
  expect(await problemOf(await moderate(world, SHOW, { reason: 'Show it.' }))).toMatchObject({
    status: 409,
    detail: '@acme/pdf-tools was hidden by its owner.',
  });
  expect(await (await moderate(world, HIDE, { reason: 'Worse than it looks.' })).json()).toMatchObject({
    changed: true,
  });
  expect((await world.fetch('/api/v1/skills/pdf-tools/undelete', { method: 'POST', headers })).status).toBe(403);
});

test('what an operator hides by way of a client is an act of moderation as well', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers: OPERATOR });
  expect((await world.fetch('/api/v1/skills/pdf-tools/undelete', { method: 'POST', headers })).status).toBe(403);
  await world.fetch('/api/v1/skills/pdf-tools/undelete', { method: 'POST', headers: OPERATOR });
  expect((await world.fetch(SKILL)).status).toBe(200);
  expect(await auditOf(world)).toEqual([
    { actor: 'operator', act: 'skill.hide', subject: '@acme/pdf-tools' },
    { actor: 'operator', act: 'skill.show', subject: '@acme/pdf-tools' },
  ]);
});

test('only operators and moderators decide, with a key that may, and not about what is their own', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  const warden = await newModerator(world);
  await publish(world, warden.key, { name: 'own-skill' });
  const weak = await furtherKey(world, warden.key, ['read', 'publish']);
  const body = { reason: 'Because.' };
  expect((await moderate(world, HIDE, body, {})).status).toBe(401);
  expect((await moderate(world, HIDE, body, headers)).status).toBe(403);
  expect((await moderate(world, HIDE, body, weak.headers)).status).toBe(403);
  expect((await moderate(world, 'skills/warden/own-skill/hide', body, warden.headers)).status).toBe(403);
  expect((await moderate(world, 'skills/acme/missing/hide', body, warden.headers)).status).toBe(404);
  expect((await moderate(world, 'skills/acme/Missing/hide', body, warden.headers)).status).toBe(400);
  expect((await moderate(world, HIDE, { reason: ' ' }, warden.headers)).status).toBe(422);
  expect((await world.fetch(SKILL)).status).toBe(200);
});

test('a mail that cannot be sent does not undo the decision', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  world.deps.mailer = { send: () => Promise.reject(new Error('mail server away')) };
  expect((await moderate(world, HIDE, { reason: 'Because.' })).status).toBe(200);
  expect((await world.fetch(SKILL)).status).toBe(404);
  expect(world.logs.filter(({ event }) => event === 'mail.failed')).toHaveLength(1);
});

test('a skill is found under a name that it had before', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  const renamed = await world.fetch('/api/v1/skills/pdf-tools/rename', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ newSlug: 'page-tools' }),
  });
  expect(renamed.status).toBe(200);
  await newNamespace(world, 'umbrella');
  const hidden = await moderate(world, HIDE, { reason: 'Because.' });
  expect(await hidden.json()).toEqual({ namespace: 'acme', name: 'page-tools', changed: true });
});
