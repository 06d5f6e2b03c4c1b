import { expect, test } from 'vitest';
import { done, rename } from '../support/names.ts';
import { job, newNamespace, postJson, publish, tarGz, upload, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

async function two() {
  const first = await worldWithKey();
  return { ...first, neighbour: await newNamespace(first.world, 'umbrella') };
}

const refusal = (name: string, other: string) =>
  `Stage 3 failed: name '${name}' looks like existing package '${other}'`;

test('a name that looks like another namespace’s is refused', async () => {
  const { world, key, neighbour } = await two();
  await publish(world, key, { name: 'google-analytics' });
  const refused = await publish(world, neighbour.key, { name: 'g00g1e-ana1ytics' });
  expect(refused).toMatchObject({ status: 'fail', message: refusal('g00g1e-ana1ytics', 'google-analytics') });
  expect((await publish(world, neighbour.key, { name: 'google-analytics' })).status).toBe('pass');
});

test('a name that adds common words is published with a warning', async () => {
  const { world, key, neighbour } = await two();
  await publish(world, key, { name: 'web-search' });
  const { status, stages } = await publish(world, neighbour.key, { name: 'web-search-official' });
  expect(status).toBe('pass');
  expect(stages[2]?.findings).toEqual([
    expect.objectContaining({
      rule: 'affix-name',
      severity: 'warning',
      message: "name 'web-search-official' differs from existing package 'web-search' by common words alone",
    }),
  ]);
});

test('a skill that has its name is not refused for it later, and still warned of', async () => {
  const { world, key, neighbour } = await two();
  world.deps.settings.maxNameDistance = 0;
  await publish(world, key, { name: 'google-analytics' });
  await publish(world, neighbour.key, { name: 'g00g1e-ana1ytics' });
  await publish(world, key, { name: 'web-search' });
  await publish(world, neighbour.key, { name: 'web-search-official' });
  world.deps.settings.maxNameDistance = 2;
  const rulesOf = async (name: string) => {
    const { status, stages } = await publish(world, neighbour.key, { name, version: '1.0.1' });
    expect(status).toBe('pass');
    return stages[2]?.findings.map(({ rule }) => rule);
  };
  expect(await rulesOf('g00g1e-ana1ytics')).toEqual([]);
  expect(await rulesOf('web-search-official')).toEqual(['affix-name']);
  expect((await publish(world, neighbour.key, { name: 'g00gle-analyt1cs' })).status).toBe('fail');
});

test('a skill that has its name does not wait for one that becomes close to it', async () => {
  const { world, key, neighbour } = await two();
  await publish(world, neighbour.key, { name: 'google-analytics' });
  const { end } = await publishDuring(
    world,
    neighbour.key,
    'google-analytics',
    async () => {
      world.deps.settings.maxNameDistance = 0;
      await publish(world, key, { name: 'g00g1e-ana1ytics' });
      world.deps.settings.maxNameDistance = 2;
    },
    { version: '1.0.1' },
  );
  expect(end).toMatchObject({ status: 'pass', attempts: 1 });
});

test('within a namespace names may look alike', async () => {
  const { world, key } = await two();
  await publish(world, key, { name: 'home-assistant' });
  expect((await publish(world, key, { name: 'h0me-ass1stant' })).stages[2]?.findings).toEqual([]);
});

test('a former name still counts, and the new one does from then on', async () => {
  const { world, key, headers, neighbour } = await two();
  await publish(world, key, { name: 'google-analytics' });
  await done(await rename(world, headers, 'google-analytics', 'visitor-statistics'));
  const former = await publish(world, neighbour.key, { name: 'g00g1e-ana1ytics' });
  expect(former.message).toBe(refusal('g00g1e-ana1ytics', 'google-analytics'));
  const present = await publish(world, neighbour.key, { name: 'v1s1t0r-statistics' });
  expect(present.message).toBe(refusal('v1s1t0r-statistics', 'visitor-statistics'));
});

test('nobody renames a skill so that it looks like another namespace’s', async () => {
  const { world, key, neighbour } = await two();
  await publish(world, key, { name: 'google-analytics' });
  await publish(world, neighbour.key, { name: 'visitor-statistics' });
  const refused = await rename(world, neighbour.headers, 'visitor-statistics', 'g00g1e-ana1ytics');
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain("looks like existing package 'google-analytics'");
});

test('a private name counts once it is public', async () => {
  const { world, key, headers, neighbour } = await two();
  await publish(world, key, { name: 'google-analytics' }, '?visibility=private');
  expect((await publish(world, neighbour.key, { name: 'g00g1e-ana1ytics' })).status).toBe('pass');
  await publish(world, key, { name: 'visitor-statistics' }, '?visibility=private');
  const shown = await world.fetch('/v1/packages/acme/visitor-statistics/visibility', {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"visibility":"public"}',
  });
  expect(shown.status).toBe(200);
  expect((await publish(world, neighbour.key, { name: 'v1s1t0r-statistics' })).status).toBe('fail');
});

test('a name that nobody can install any more stands in nobody’s way', async () => {
  const { world, key, headers, neighbour } = await two();
  await publish(world, key, { name: 'google-analytics' });
  await postJson(world, '/v1/packages/acme/google-analytics/1.0.0/yank', {}, headers);
  expect((await publish(world, neighbour.key, { name: 'g00g1e-ana1ytics' })).status).toBe('pass');
});

test('a name under which nothing was published stands in nobody’s way', async () => {
  const { world, key, neighbour } = await two();
  const refused = await publish(world, key, { name: 'google-analytics', description: 'Too short.' });
  expect(refused.status).toBe('fail');
  expect((await publish(world, neighbour.key, { name: 'g00g1e-ana1ytics' })).status).toBe('pass');
  const later = await publish(world, key, { name: 'google-analytics' });
  expect(later).toMatchObject({ status: 'fail', message: refusal('google-analytics', 'g00g1e-ana1ytics') });
});

/** Uploads a skill and has something happen while it is signed, after it was vetted. */
async function publishDuring(
  world: World,
  key: string,
  name: string,
  meanwhile: () => Promise<unknown>,
  { query = '', version = '1.0.0' } = {},
) {
  const { job_id } = await (await upload(world, key, await tarGz({ name, version }), query)).json<{ job_id: string }>();
  const { signer } = world.deps;
  world.deps.signer = {
    ...signer,
    async sign(bytes) {
      world.deps.signer = signer;
      await meanwhile();
      return signer.sign(bytes);
    },
  };
  await world.deliver({ type: 'vet', jobId: job_id });
  const between = await job(world, job_id);
  await world.drain();
  return { between, end: await job(world, job_id) };
}

const OVERTAKEN = 'A skill with a similar name was published in the meantime. Vetting again.';

test.each([
  ['g00g1e-ana1ytics', refusal('g00g1e-ana1ytics', 'google-analytics')],
  [
    'google-analytic',
    "Stage 3 failed: name 'google-analytic' is too similar to existing package 'google-analytics' (Levenshtein distance 1)",
  ],
])('of two names vetted at once, %s comes too late', async (name, message) => {
  const { world, key, neighbour } = await two();
  const { between, end } = await publishDuring(world, neighbour.key, name, () =>
    publish(world, key, { name: 'google-analytics' }),
  );
  expect(between).toMatchObject({ status: 'pending', message: OVERTAKEN });
  expect(end).toMatchObject({ status: 'fail', message, attempts: 2 });
  expect((await world.fetch(`/v1/packages/umbrella/${name}/latest`)).status).toBe(404);
  const { rows } = await world.client.execute("SELECT count(*) AS n FROM log_leaves WHERE subject LIKE '%umbrella%'");
  expect(rows).toEqual([{ n: 0 }]);
});

test('a name that is close in the index alone is vetted again, and passes', async () => {
  const { world, key, neighbour } = await two();
  const { between, end } = await publishDuring(world, neighbour.key, 'google-analytics', () =>
    publish(world, key, { name: 'google-calendaring' }).then(() => publish(world, key, { name: 'google-anabolics' })),
  );
  expect(between).toMatchObject({ status: 'pending', message: OVERTAKEN });
  expect(end).toMatchObject({ status: 'pass', attempts: 2 });
});

test.each([
  ['the same name', 'google-analytics', ''],
  ['other names', 'visitor-statistics', ''],
  ['private skills', 'g00g1e-ana1ytics', '?visibility=private'],
])('%s do not come in each other’s way', async (_, name, query) => {
  const { world, key, neighbour } = await two();
  const { end } = await publishDuring(
    world,
    neighbour.key,
    name,
    () => publish(world, key, { name: 'google-analytics' }),
    { query },
  );
  expect(end).toMatchObject({ status: 'pass', attempts: 1 });
});

test('of two skills that look alike and are vetted side by side, one is published', async () => {
  const { world, key, neighbour } = await two();
  const ids = [];
  for (const [by, name] of [
    [key, 'google-analytics'],
    [neighbour.key, 'g00g1e-ana1ytics'],
  ] as const) {
    ids.push((await (await upload(world, by, await tarGz({ name }))).json<{ job_id: string }>()).job_id);
  }
  await Promise.all(ids.map((jobId) => world.deliver({ type: 'vet', jobId })));
  await world.drain();
  const ends = await Promise.all(ids.map((id) => job(world, id)));
  expect(ends.map(({ status }) => status).sort()).toEqual(['fail', 'pass']);
});
