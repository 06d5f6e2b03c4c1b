import { expect, test } from 'vitest';
import { MALICIOUS, SUSPICIOUS } from '../support/harmful.ts';
import { auditOf, moderate, OPERATOR, proveAddress, worldWithHeld } from '../support/moderation.ts';
import {
  getJson,
  type JobAnswer,
  job,
  newNamespace,
  postJson,
  problemOf,
  publish,
  tarGz,
  upload,
  worldWithKey,
} from '../support/skills.ts';

const VERSION = '/v1/packages/acme/pdf-tools/1.0.0';
const TEXT = expect.stringMatching(/\S/);
const HELD = /^Held for review: the examination calls it malicious \(score \d+\)\. A moderator decides/;

async function quarantined(overrides?: Parameters<typeof worldWithKey>[0]) {
  const made = await worldWithHeld(overrides);
  const decide = (verb: string, body: object, headers: Record<string, string> = made.warden.headers) =>
    moderate(made.world, `jobs/${made.id}/${verb}`, body, headers);
  return { ...made, decide };
}

const findingsOf = ({ stages }: JobAnswer) => stages.find(({ stage }) => stage === 'examination')?.findings ?? [];

test('a version that looks malicious is held: nobody sees it, its number is taken, its bytes are kept', async () => {
  const { world, key, id } = await quarantined();
  expect(await job(world, id)).toMatchObject({
    status: 'quarantined',
    message: expect.stringMatching(HELD),
    stages: [
      {},
      {},
      {},
      { stage: 'examination', status: 'fail', findings: [] },
      { stage: 'signing', status: 'pending' },
    ],
  });
  expect((await world.fetch(VERSION)).status).toBe(404);
  expect(await getJson(world, '/v1/search')).toMatchObject({ total: 0 });
  expect(await problemOf(await upload(world, key, await tarGz()))).toMatchObject({
    status: 409,
    code: 'version_exists',
    detail: '@acme/pdf-tools@1.0.0 is held back until somebody has looked at it.',
    fix: `Wait for the decision, which is mailed; or appeal: skills appeal ${id}, or POST /v1/jobs/${id}/appeal. A mended skill can be published under another version meanwhile.`,
  });
  expect([...world.bundles.objects.keys()]).toEqual([`quarantine/${id}`]);
});

test('the owner of a version that is held is told so, how to appeal, and nothing that its files say', async () => {
  const { world, id } = await quarantined();
  expect(world.outbox).toEqual([
    { to: 'acme@example.com', subject: '@acme/pdf-tools@1.0.0 is held for review', text: expect.any(String) },
  ]);
  const text = world.outbox[0]?.text ?? '';
  expect(text).toContain(`\nskills appeal ${id}\nor POST /v1/jobs/${id}/appeal\n`);
  expect(text).not.toMatch(/bash|setup\.sh|203\.0\.113|fetch/);
  expect(world.logs.filter(({ event }) => event === 'publish.quarantined')).toEqual([
    {
      level: 'info',
      event: 'publish.quarantined',
      fields: { jobId: id, verdict: 'malicious', namespace: 'acme', name: 'pdf-tools', version: '1.0.0' },
    },
  ]);
});

test('an address that nobody has proven is mailed about one held version at a time', async () => {
  const { world, key } = await quarantined();
  const subjects = () => world.outbox.map(({ subject }) => subject).filter((subject) => subject.includes('held'));
  const hold = async (name: string) => {
    world.advance(1);
    expect(await publish(world, key, { ...MALICIOUS, name })).toMatchObject({ status: 'quarantined' });
  };
  await hold('word-tools');
  expect(subjects()).toEqual(['@acme/pdf-tools@1.0.0 is held for review']);
  await proveAddress(world, 'acme');
  await hold('csv-summary');
  expect(subjects()).toEqual([
    '@acme/pdf-tools@1.0.0 is held for review',
    '@acme/csv-summary@1.0.0 is held for review',
  ]);
});

test('what was found is shown to the owner and to reviewers alone', async () => {
  const { world, id, headers, warden } = await quarantined();
  const umbrella = await newNamespace(world, 'umbrella');
  const seenBy = async (as: Record<string, string>) =>
    findingsOf(await getJson<JobAnswer>(world, `/v1/jobs/${id}`, as)).length;
  expect(await seenBy({})).toBe(0);
  expect(await seenBy(umbrella.headers)).toBe(0);
  const mine = await getJson<JobAnswer>(world, `/v1/jobs/${id}`, headers);
  expect(findingsOf(mine)).toContainEqual({
    rule: 'fetch-and-run.pipe-to-shell',
    severity: 'warning',
    stage: 'examination',
    message: 'looks like fetch and run in scripts/setup.sh, line 1',
    file: 'scripts/setup.sh',
    line: 1,
    excerpt: expect.stringContaining('| sudo bash'),
    category: 'fetch-and-run',
    owasp: ['AST01', 'AST02'],
    why: expect.stringContaining('at once'),
    fix: expect.stringContaining('Ship the code'),
  });
  const evidence = { rule: TEXT, file: TEXT, line: expect.any(Number), why: TEXT, fix: TEXT };
  expect(findingsOf(mine)).toEqual(findingsOf(mine).map(() => expect.objectContaining(evidence)));
  expect(await seenBy(warden.headers)).toBe(findingsOf(mine).length);
  expect(await seenBy(OPERATOR)).toBe(findingsOf(mine).length);
});

test('it waits in the queue, for moderators to see', async () => {
  const { world, id, headers, warden } = await quarantined();
  expect((await world.fetch('/v1/admin/queue')).status).toBe(401);
  expect((await world.fetch('/v1/admin/queue', { headers })).status).toBe(403);
  expect(await getJson(world, '/v1/admin/queue', warden.headers)).toEqual({
    items: [
      {
        kind: 'job',
        id,
        namespace: 'acme',
        name: 'pdf-tools',
        version: '1.0.0',
        state: 'quarantined',
        verdict: 'malicious',
        rules: expect.arrayContaining(['fetch-and-run.pipe-to-shell', 'exfiltration.credentials']),
        text: expect.stringMatching(HELD),
        by: null,
        job_id: id,
        created_at: '2026-01-01T00:00:00.000Z',
      },
    ],
    next: null,
  });
});

test('the queue is read page by page, and by kind', async () => {
  const { world, key, warden } = await quarantined();
  world.advance(1);
  await publish(world, key, { name: 'good-skill' });
  await postJson(world, '/api/v1/skills/good-skill/report', { reason: 'Rude.' }, warden.headers);
  world.advance(1);
  const later = await publish(world, key, { ...MALICIOUS, name: 'word-tools' });
  const page = (query: string) =>
    getJson<{ items: { kind: string; name: string }[]; next: string | null }>(
      world,
      `/v1/admin/queue?${query}`,
      OPERATOR,
    );
  const first = await page('limit=2');
  expect(first.items.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['job pdf-tools', 'report good-skill']);
  const rest = await page(`limit=2&after=${first.next}`);
  expect(rest).toMatchObject({ items: [{ kind: 'job', id: later.id }], next: null });
  expect((await page('kind=report')).items.map(({ kind }) => kind)).toEqual(['report']);
  expect((await page('kind=appeal')).items).toEqual([]);
});

test('approved, it is signed and published; its findings stay to be seen, and its owner is told', async () => {
  const { world, id, warden, decide } = await quarantined();
  const approved = await decide('approve', { note: 'It is a training course.' });
  expect(await approved.json()).toEqual({ namespace: 'acme', name: 'pdf-tools', version: '1.0.0', changed: true });
  expect((await world.fetch(VERSION)).status).toBe(404);
  await world.drain();
  expect(await job(world, id)).toMatchObject({ status: 'pass', message: 'Published.' });
  expect(findingsOf(await job(world, id)).length).toBeGreaterThan(0);
  expect(await getJson(world, VERSION)).toMatchObject({ verdict: 'malicious' });
  for (const path of ['', '/sig']) {
    expect((await world.fetch(`/v1/download/acme/pdf-tools/1.0.0${path}`)).status, path).toBe(200);
  }
  expect(world.outbox.at(-1)).toMatchObject({ to: 'acme@example.com', subject: '@acme/pdf-tools@1.0.0 was approved' });
  expect(await (await decide('approve', { note: 'Again.' })).json()).toMatchObject({ changed: false });
  expect(await getJson(world, '/v1/admin/queue', warden.headers)).toEqual({ items: [], next: null });
  expect((await auditOf(world)).slice(1)).toEqual([
    { actor: 'warden', act: 'version.approve', subject: '@acme/pdf-tools@1.0.0' },
  ]);
});

test('rejected, its number is free again, with the reason in its job; nobody can approve and reject it both', async () => {
  const { world, key, id, decide } = await quarantined();
  expect((await decide('reject', { reason: 'It steals keys.' })).status).toBe(200);
  expect(await job(world, id)).toMatchObject({
    status: 'fail',
    message: 'Rejected by a moderator: It steals keys.',
  });
  expect(world.outbox.at(-1)?.subject).toBe('@acme/pdf-tools@1.0.0 was rejected');
  expect(await (await decide('reject', { reason: 'Again.' })).json()).toMatchObject({ changed: false });
  expect(await publish(world, key)).toMatchObject({ status: 'pass' });
  expect(await problemOf(await decide('approve', { note: 'After all.' }))).toMatchObject({ status: 409 });
  expect((await auditOf(world)).map(({ act }) => act)).toEqual(['moderator.appoint', 'version.reject']);
});

test('a rejection can be taken back while the number is free', async () => {
  const { world, id, decide } = await quarantined();
  await decide('reject', { reason: 'It steals keys.' });
  expect((await decide('approve', { note: 'It does not.' })).status).toBe(200);
  await world.drain();
  expect(await job(world, id)).toMatchObject({ status: 'pass' });
  expect((await world.fetch(VERSION)).status).toBe(200);
});

test('what the rules refuse nobody can approve', async () => {
  const { world, key } = await worldWithKey();
  const refused = await publish(world, key, { description: 'Too short.' });
  expect(refused.status).toBe('fail');
  const approve = () => moderate(world, `jobs/${refused.id}/approve`, { note: 'Let it through.' });
  expect(await problemOf(await approve())).toMatchObject({ status: 409 });
  const held = await publish(world, key, MALICIOUS);
  await publish(world, (await newNamespace(world, 'umbrella')).key, { name: 'pdf-toolz' });
  await moderate(world, `jobs/${held.id}/approve`, { note: 'Fine.' });
  await world.drain();
  expect(await job(world, held.id)).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(/^Stage 3 failed/),
  });
});

test('only moderators decide, and not about what is their own', async () => {
  const { world, headers, warden, decide } = await quarantined();
  expect((await decide('approve', { note: 'Mine.' }, {})).status).toBe(401);
  expect((await decide('approve', { note: 'Mine.' }, headers)).status).toBe(403);
  expect((await decide('reject', { reason: '' })).status).toBe(422);
  const own = await publish(world, warden.key, { ...MALICIOUS, name: 'own-skill' });
  expect((await moderate(world, `jobs/${own.id}/approve`, { note: 'Mine.' }, warden.headers)).status).toBe(403);
  expect((await moderate(world, 'jobs/missing/approve', { note: 'What?' }, warden.headers)).status).toBe(404);
});

test('a version of a namespace that is banned is not approved', async () => {
  const { world, decide } = await quarantined();
  await moderate(world, 'namespaces/acme/ban', { reason: 'Spam.' });
  expect(await problemOf(await decide('approve', { note: 'Fine.' }))).toMatchObject({
    status: 409,
    detail: "The namespace 'acme' is banned.",
  });
});

test('whoever publishes by way of a client that waits is told what was found', async () => {
  const { world, headers } = await worldWithKey();
  const form = new FormData();
  form.set('payload', JSON.stringify({ slug: 'pdf-tools', version: '1.0.0', displayName: 'PDF', changelog: '' }));
  form.append(
    'files',
    new Blob(['---\nname: pdf-tools\ndescription: Reads, fills and merges PDF files.\n---\nHi\n']),
    'SKILL.md',
  );
  form.append('files', new Blob([MALICIOUS.files?.['scripts/setup.sh'] ?? '']), 'scripts/setup.sh');
  const response = await world.fetch('/api/v1/skills', { method: 'POST', headers, body: form });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('looks like fetch and run in scripts/setup.sh, line 1');
});

test('by default a suspicious version is published, with its verdict and what was found', async () => {
  const { world, key } = await worldWithKey();
  const published = await publish(world, key, SUSPICIOUS);
  expect(published.status).toBe('pass');
  expect(findingsOf(published).map(({ rule }) => rule)).toContain('fetch-and-run.pipe-to-shell');
  expect(await getJson(world, VERSION)).toMatchObject({ verdict: 'suspicious' });
  await publish(world, key, { version: '1.0.1' });
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/1.0.1')).toMatchObject({ verdict: 'clean' });
});

test('the operator decides what blocks, what is held and what is only said', async () => {
  const blocking = await worldWithKey({
    settings: { verdictPolicy: { malicious: 'block', suspicious: 'quarantine' } },
  });
  const refused = await publish(blocking.world, blocking.key, MALICIOUS);
  expect(refused).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(/^Stage 4 failed: the examination calls it malicious/),
  });
  expect(await publish(blocking.world, blocking.key, SUSPICIOUS)).toMatchObject({ status: 'quarantined' });

  const lax = await worldWithKey({ settings: { verdictPolicy: { malicious: 'warn', suspicious: 'warn' } } });
  expect(await publish(lax.world, lax.key, MALICIOUS)).toMatchObject({ status: 'pass' });
  const { items } = await getJson<{ items: object[] }>(lax.world, '/v1/admin/queue', OPERATOR);
  expect(items).toMatchObject([{ kind: 'job', state: 'pass', verdict: 'malicious' }]);
});

test('what the policy refused can be approved as well', async () => {
  const { world, key } = await worldWithKey({
    settings: { verdictPolicy: { malicious: 'block', suspicious: 'warn' } },
  });
  const { id } = await publish(world, key, MALICIOUS);
  await moderate(world, `jobs/${id}/approve`, { note: 'A training course.' });
  await world.drain();
  expect(await job(world, id)).toMatchObject({ status: 'pass' });
});

test('a public version that looks malicious leaves the queue when somebody has looked', async () => {
  const { world, key } = await worldWithKey({ settings: { verdictPolicy: { malicious: 'warn', suspicious: 'warn' } } });
  const { id } = await publish(world, key, MALICIOUS);
  const kept = await moderate(world, `jobs/${id}/approve`, { note: 'It is fine.' });
  expect(await kept.json()).toMatchObject({ changed: true });
  expect(await getJson(world, '/v1/admin/queue', OPERATOR)).toEqual({ items: [], next: null });
  expect((await auditOf(world)).map(({ act }) => act)).toEqual(['version.keep']);
});

test('what was found in a public version is shown to everybody, with its evidence', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key, SUSPICIOUS);
  expect(await getJson(world, `${VERSION}/findings`)).toMatchObject({
    namespace: 'acme',
    name: 'pdf-tools',
    version: '1.0.0',
    verdict: 'suspicious',
    passed: false,
    findings: [{ rule: 'fetch-and-run.pipe-to-shell', file: 'scripts/setup.sh', line: 1, why: expect.any(String) }],
  });
  expect(await getJson(world, '/api/v1/skills/pdf-tools')).toMatchObject({
    moderation: { isSuspicious: true, isMalwareBlocked: false, verdict: 'suspicious' },
  });
  expect(await getJson(world, '/api/v1/skills/pdf-tools/moderation')).toMatchObject({
    moderation: { verdict: 'suspicious', reasonCodes: ['fetch-and-run.pipe-to-shell'] },
  });
  expect((await world.fetch('/v1/packages/acme/missing/1.0.0/findings')).status).toBe(404);
});
