import { expect, test } from 'vitest';
import { githubToken } from '../support/credentials.ts';
import {
  getJson,
  job,
  newNamespace,
  postJson,
  problemOf,
  publish,
  type SkillOptions,
  tarGz,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import { createWorld } from '../support/world.ts';

/** Made up, but of the form that GitHub documents. */
const TOKEN = githubToken('ghp_', 'a8Kd93nQzL'.repeat(3));

test('a job waits, then shows how each stage ended', async () => {
  const { world, key } = await worldWithKey();
  const accepted = await upload(world, key, await tarGz());
  const { job_id } = await accepted.json<{ job_id: string }>();
  const stages = ['structure', 'content', 'safety', 'examination', 'signing'];
  const response = await world.fetch(`/v1/jobs/${job_id}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({
    id: job_id,
    status: 'pending',
    message: 'Waiting to be vetted.',
    namespace: 'acme',
    name: 'pdf-tools',
    version: '1.0.0',
    attempts: 0,
    stages: stages.map((stage) => ({ stage, status: 'pending', ended_at: null, findings: [] })),
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  });
  world.advance(2_000);
  await world.drain();
  expect(await job(world, job_id)).toMatchObject({
    status: 'pass',
    message: 'Published.',
    attempts: 1,
    stages: stages.map((stage) => ({ stage, status: 'pass', ended_at: '2026-01-01T00:00:02.000Z', findings: [] })),
    updated_at: '2026-01-01T00:00:02.000Z',
  });
});

test('an unknown job is not found', async () => {
  const world = await createWorld();
  expect(await problemOf(await world.fetch('/v1/jobs/no-such-job'))).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'not_found',
    detail: 'There is no such job.',
    fix: 'Use the id of the job that publishing told, the job_id of POST /v1/publish.',
  });
});

test('a refusal names its stage, its finding and what to do', async () => {
  const { world, key } = await worldWithKey();
  const refused = await publish(world, key, { description: 'Too short.' });
  expect(refused).toMatchObject({
    status: 'fail',
    message: 'Stage 2 failed: description is too short (minimum 20 characters)',
    attempts: 1,
    stages: [
      { stage: 'structure', status: 'pass' },
      {
        stage: 'content',
        status: 'fail',
        findings: [
          {
            rule: 'description-too-short',
            severity: 'error',
            stage: 'content',
            message: 'description is too short (minimum 20 characters)',
            fix: 'Say what the skill does and when an agent should use it.',
            file: 'SKILL.md',
          },
        ],
      },
      { stage: 'safety', status: 'pending', ended_at: null },
      { stage: 'examination', status: 'pending', ended_at: null },
      { stage: 'signing', status: 'pending', ended_at: null },
    ],
  });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(404);
});

test.each<[SkillOptions, string]>([
  [
    { files: { 'references/data.csv': 'a,b\n' } },
    "Stage 2 failed: non-markdown file in references/: 'references/data.csv'",
  ],
  [
    { files: { 'scripts/push.sh': `#!/bin/sh\nTOKEN=${TOKEN}\n` } },
    "Stage 2 failed: possible hardcoded secret found: 'ghp_… (40 characters)' (GitHub token)",
  ],
])('%j is refused: %s', async (options, message) => {
  const { world, key } = await worldWithKey();
  expect(await publish(world, key, options)).toMatchObject({ status: 'fail', message });
});

test('a secret is shown and stored masked', async () => {
  const { world, key } = await worldWithKey();
  const files = { 'scripts/push.sh': `#!/bin/sh\nTOKEN=${TOKEN}\n` };
  const { id, stages } = await publish(world, key, { files });
  expect(stages[1]?.findings).toEqual([
    expect.objectContaining({
      rule: 'secret-github-token',
      file: 'scripts/push.sh',
      line: 2,
      excerpt: 'ghp_… (40 characters)',
    }),
  ]);
  expect(await (await world.fetch(`/v1/jobs/${id}`)).text()).not.toContain(TOKEN.slice(0, 12));
  const { rows } = await world.client.execute('SELECT * FROM jobs');
  expect(JSON.stringify(rows)).not.toContain(TOKEN.slice(0, 12));
  expect(JSON.stringify(world.logs)).not.toContain(TOKEN.slice(0, 12));
});

test('a refused upload is kept aside, a published one leaves nothing staged', async () => {
  const { world, key } = await worldWithKey();
  const archive = await tarGz({ description: 'Too short.' });
  const accepted = await upload(world, key, archive);
  const { job_id } = await accepted.json<{ job_id: string }>();
  expect([...world.bundles.objects.keys()]).toEqual([`staged/${job_id}`]);
  await world.drain();
  expect([...world.bundles.objects.keys()]).toEqual([`quarantine/${job_id}`]);
  expect(world.bundles.objects.get(`quarantine/${job_id}`)?.bytes).toEqual(archive);
  await publish(world, key);
  expect([...world.bundles.objects.keys()].filter((name) => name.startsWith('staged/'))).toEqual([]);
});

test('a refused number is free again', async () => {
  const { world, key } = await worldWithKey();
  expect((await publish(world, key, { description: 'Too short.' })).status).toBe('fail');
  expect((await publish(world, key, { description: 'Also too short' })).status).toBe('fail');
  expect((await publish(world, key)).status).toBe('pass');
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/versions')).toMatchObject({
    versions: [{ version: '1.0.0' }],
  });
});

test('yanked files cannot come back under another number, however they are packed', async () => {
  const { world, key, headers } = await worldWithKey();
  const files = { 'manifest.json': '{"name":"pdf-tools","version":"1.0.0"}' };
  await publish(world, key, { version: null }, '?version=1.0.0');
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  const again = await publish(world, key, { version: null }, '?version=1.0.1');
  expect(again).toMatchObject({
    status: 'fail',
    message: 'Stage 3 failed: acme/pdf-tools@1.0.1 holds exactly the files of version 1.0.0, which was yanked',
  });
  expect((await publish(world, key, { version: null, body: 'Mended.\n' }, '?version=1.0.1')).status).toBe('pass');
  expect(
    (
      await publish(world, key, {
        version: null,
        files: { ...files, 'manifest.json': '{"name":"pdf-tools","version":"1.0.2"}' },
      })
    ).status,
  ).toBe('pass');
});

test('the files of a yanked version are no matter to another namespace', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  const neighbour = await newNamespace(world, 'umbrella');
  expect((await publish(world, neighbour.key)).status).toBe('pass');
});

test('a version whose signing fails is tried again, then refused, and its number is free', async () => {
  const { world, key } = await worldWithKey();
  const { sign } = world.deps.signer;
  world.deps.signer.sign = () => Promise.reject(new Error('the key store is locked'));
  const first = await publish(world, key);
  expect(first).toMatchObject({ status: 'pending', attempts: 1 });
  expect(first.message).toBe('Stage 5 failed: the signing key is unavailable. Trying again.');
  for (let i = 0; i < 3; i++) {
    world.advance(30_000);
    await world.drain();
  }
  expect(await job(world, first.id)).toMatchObject({
    status: 'fail',
    message: 'Stage 5 failed: the signing key is unavailable (after 4 attempts)',
    attempts: 4,
    stages: [
      { stage: 'structure' },
      { stage: 'content' },
      { stage: 'safety' },
      { stage: 'examination' },
      { stage: 'signing', status: 'fail' },
    ],
  });
  world.deps.signer.sign = sign;
  expect((await publish(world, key)).status).toBe('pass');
});

test('the fault of a database is not told to whoever holds the job id', async () => {
  const { world, key } = await worldWithKey();
  const accepted = await upload(world, key, await tarGz());
  const { job_id } = await accepted.json<{ job_id: string }>();
  await world.client.execute('ALTER TABLE name_segments RENAME TO elsewhere');
  await world.drain();
  const { message } = await job(world, job_id);
  expect(message).toBe('Could not finish: a part of the hub did not answer. Trying again.');
  expect(JSON.stringify(world.logs)).toContain('no such table: name_segments');
  expect(JSON.stringify(world.logs)).not.toMatch(/select distinct|params/);
});
