import { expect, test } from 'vitest';
import { MALICIOUS } from '../support/harmful.ts';
import { auditOf, moderate, OPERATOR, worldWithHeld, worldWithHidden } from '../support/moderation.ts';
import { furtherKey, getJson, job, newNamespace, postJson, problemOf, publish } from '../support/skills.ts';

const TEXT = { text: 'It is a course about attacks.' };
const ANSWER = { answer: 'You are right.' };

async function heldVersion() {
  const made = await worldWithHeld();
  const appeal = (body: object = TEXT, headers: Record<string, string> = made.headers) =>
    postJson(made.world, `/v1/jobs/${made.id}/appeal`, body, headers);
  return { ...made, appeal };
}

async function hiddenSkill() {
  const made = await worldWithHidden();
  const appeal = (body: object = TEXT, headers: Record<string, string> = made.headers) =>
    postJson(made.world, '/v1/packages/acme/pdf-tools/appeal', body, headers);
  return { ...made, appeal };
}

const idOf = async (response: Response) => (await response.json<{ id: string }>()).id;

test('an appeal about a held version waits in the queue; granted, the version is published', async () => {
  const { world, id, headers, warden, appeal } = await heldVersion();
  const response = await appeal();
  expect(response.status).toBe(201);
  const appealId = await idOf(response);
  expect(await getJson(world, '/v1/admin/queue?kind=appeal', warden.headers)).toMatchObject({
    items: [
      {
        kind: 'appeal',
        id: appealId,
        namespace: 'acme',
        name: 'pdf-tools',
        version: '1.0.0',
        job_id: id,
        by: 'acme',
        ...TEXT,
      },
    ],
  });
  const granted = await moderate(world, `appeals/${appealId}/grant`, ANSWER, warden.headers);
  expect(await granted.json()).toEqual({ changed: true });
  await world.drain();
  expect(await job(world, id)).toMatchObject({ status: 'pass' });
  expect(await getJson(world, '/v1/appeals', headers)).toEqual({
    appeals: [
      {
        id: appealId,
        namespace: 'acme',
        name: 'pdf-tools',
        version: '1.0.0',
        job_id: id,
        ...TEXT,
        state: 'granted',
        ...ANSWER,
        created_at: '2026-01-01T00:00:00.000Z',
        decided_at: '2026-01-01T00:00:00.000Z',
      },
    ],
    next: null,
  });
  expect(await (await moderate(world, `appeals/${appealId}/grant`, ANSWER)).json()).toEqual({ changed: false });
  expect((await moderate(world, `appeals/${appealId}/deny`, ANSWER)).status).toBe(409);
});

test('denied, everything stays as it is, and its author is told why', async () => {
  const { world, id, appeal } = await heldVersion();
  const appealId = await idOf(await appeal());
  const deny = () => moderate(world, `appeals/${appealId}/deny`, { answer: 'It is not.' });
  expect(await (await deny()).json()).toEqual({ changed: true });
  expect(await (await deny()).json()).toEqual({ changed: false });
  expect((await moderate(world, `appeals/${appealId}/grant`, ANSWER)).status).toBe(409);
  expect(await job(world, id)).toMatchObject({ status: 'quarantined' });
  expect(world.outbox.at(-1)).toEqual({
    to: 'acme@example.com',
    subject: 'The appeal about @acme/pdf-tools@1.0.0 was denied',
    text: `Your appeal about @acme/pdf-tools@1.0.0 (${appealId}) was denied:\n\nIt is not.\n\nWhat you wrote:\n\n${TEXT.text}\n`,
  });
  expect((await auditOf(world)).slice(1)).toEqual([
    { actor: 'operator', act: 'appeal.deny', subject: `appeal:${appealId}` },
  ]);
});

test('an appeal about a hidden skill, granted, shows it again', async () => {
  const { world, warden, appeal } = await hiddenSkill();
  const appealId = await idOf(await appeal());
  expect(await (await moderate(world, `appeals/${appealId}/grant`, ANSWER, warden.headers)).json()).toEqual({
    changed: true,
  });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
  expect(await problemOf(await appeal())).toMatchObject({
    status: 409,
    detail: 'No moderator has hidden @acme/pdf-tools.',
  });
});

test('denied about a hidden skill, the mail names the skill', async () => {
  const { world, appeal } = await hiddenSkill();
  await moderate(world, `appeals/${await idOf(await appeal())}/deny`, { answer: 'It does.' });
  expect(world.outbox.at(-1)?.subject).toBe('The appeal about @acme/pdf-tools was denied');
});

test('an appeal about a skill that is not hidden is shown the version that is held, or was rejected', async () => {
  const { world, key, headers, id } = await heldVersion();
  const refusal = async () =>
    problemOf(await postJson(world, '/v1/packages/acme/pdf-tools/appeal', TEXT, headers)) as Promise<{ fix: string }>;
  const heldAs = (version: string, job: string) =>
    `Version ${version} of it is held; appeal that: skills appeal ${job}, or POST /v1/jobs/${job}/appeal.`;
  expect(await refusal()).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: 'No moderator has hidden @acme/pdf-tools.',
    fix: heldAs('1.0.0', id),
  });
  const stranger = await newNamespace(world, 'umbrella');
  const asked = await postJson(world, '/v1/packages/acme/pdf-tools/appeal', TEXT, stranger.headers);
  expect(await problemOf(asked)).toMatchObject({ status: 404, detail: 'There is no skill @acme/pdf-tools.' });
  world.advance(1);
  const newer = await publish(world, key, { ...MALICIOUS, version: '1.1.0' });
  expect((await refusal()).fix).toBe(heldAs('1.1.0', newer.id));
  await moderate(world, `jobs/${newer.id}/reject`, { reason: 'No.' });
  expect((await refusal()).fix).toBe(heldAs('1.0.0', id));
  await moderate(world, `jobs/${id}/reject`, { reason: 'No.' });
  world.advance(1);
  expect((await publish(world, key, { description: 'Too short.', version: '1.2.0' })).status).toBe('fail');
  expect((await refusal()).fix).toBe(
    `Version 1.1.0 of it was rejected; appeal that: skills appeal ${newer.id}, or POST /v1/jobs/${newer.id}/appeal.`,
  );
  await publish(world, key, { version: '1.1.0' });
  await publish(world, key);
  expect((await refusal()).fix).toBe('There is nothing to appeal.');
});

test('a decision that needs no appeal any more ends it', async () => {
  const held = await heldVersion();
  await held.appeal();
  await moderate(held.world, `jobs/${held.id}/reject`, { reason: 'No.' });
  expect(await getJson(held.world, '/v1/appeals', held.headers)).toMatchObject({
    appeals: [{ state: 'denied', answer: 'No.' }],
  });
  const hidden = await hiddenSkill();
  await hidden.appeal();
  await moderate(hidden.world, 'skills/acme/pdf-tools/show', { reason: 'Yes.' });
  expect(await getJson(hidden.world, '/v1/appeals', hidden.headers)).toMatchObject({
    appeals: [{ state: 'granted', answer: 'Yes.' }],
  });
});

test('one appeal is open at a time, and there are three in all', async () => {
  const { world, appeal } = await heldVersion();
  for (let round = 0; round < 3; round++) {
    const appealId = await idOf(await appeal());
    expect(await problemOf(await appeal())).toMatchObject({
      status: 409,
      detail: 'An appeal about @acme/pdf-tools@1.0.0 is open already.',
    });
    await moderate(world, `appeals/${appealId}/deny`, ANSWER);
  }
  expect(await problemOf(await appeal())).toMatchObject({
    status: 409,
    detail: '@acme/pdf-tools@1.0.0 was appealed 3 times.',
  });
});

test('whoever was rejected, or is banned, can appeal; for what the rules refuse there is no appeal', async () => {
  const { world, key, headers, id, appeal } = await heldVersion();
  await moderate(world, `jobs/${id}/reject`, { reason: 'No.' });
  await moderate(world, 'namespaces/acme/ban', { reason: 'Spam.' });
  expect((await appeal()).status).toBe(201);
  await moderate(world, 'namespaces/acme/unban', { reason: 'Fine.' });
  const refused = await publish(world, key, { description: 'Too short.' });
  expect((await postJson(world, `/v1/jobs/${refused.id}/appeal`, TEXT, headers)).status).toBe(409);
});

test('only the owner appeals, with a key that may publish; only moderators of something else decide', async () => {
  const { world, key, headers, warden, appeal } = await hiddenSkill();
  const umbrella = await newNamespace(world, 'umbrella');
  const reader = await furtherKey(world, key, ['read']);
  expect((await appeal(TEXT, {})).status).toBe(401);
  expect((await appeal(TEXT, reader.headers)).status).toBe(403);
  expect((await appeal(TEXT, umbrella.headers)).status).toBe(404);
  expect((await appeal({ text: 'x'.repeat(2001) })).status).toBe(422);
  const appealId = await idOf(await appeal());
  expect(await getJson(world, '/v1/appeals', umbrella.headers)).toEqual({ appeals: [], next: null });
  expect((await world.fetch('/v1/appeals')).status).toBe(401);
  const grant = (as: Record<string, string>) => moderate(world, `appeals/${appealId}/grant`, ANSWER, as);
  expect((await grant({})).status).toBe(401);
  expect((await grant(headers)).status).toBe(403);
  expect((await moderate(world, 'appeals/missing/deny', ANSWER, warden.headers)).status).toBe(404);

  const held = await publish(world, warden.key, { ...MALICIOUS, name: 'own-skill' });
  const own = await idOf(await postJson(world, `/v1/jobs/${held.id}/appeal`, TEXT, warden.headers));
  expect((await moderate(world, `appeals/${own}/grant`, ANSWER, warden.headers)).status).toBe(403);
  expect((await moderate(world, `appeals/${own}/grant`, ANSWER, OPERATOR)).status).toBe(200);
});
