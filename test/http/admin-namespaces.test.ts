import { describe, expect, test } from 'vitest';
import { auditOf, moderate, newModerator, OPERATOR, setModerator } from '../support/moderation.ts';
import {
  bearer,
  getJson,
  mailedCode,
  newNamespace,
  postJson,
  problemOf,
  publish,
  tarGz,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import type { World } from '../support/world.ts';

const BAN = 'namespaces/acme/ban';
const REASON = { reason: 'Spam.' };
const BANNED = { status: 403, code: 'forbidden', detail: "The namespace 'acme' is banned: Spam." };

test('a banned namespace reads, and neither publishes nor changes anything; its skills stay', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  expect(await (await moderate(world, BAN, REASON)).json()).toEqual({
    namespace: 'acme',
    changed: true,
    hidden: 0,
    more: false,
  });
  expect(world.outbox.at(-1)).toMatchObject({ to: 'acme@example.com', subject: 'The namespace acme is banned' });
  expect(await problemOf(await upload(world, key, await tarGz({ version: '2.0.0' })))).toMatchObject(BANNED);
  for (const path of ['/v1/packages/acme/pdf-tools/1.0.0/yank', '/v1/keys?namespace=acme']) {
    const body = { label: 'ci', scopes: ['publish'] };
    expect(await problemOf(await postJson(world, path, body, headers)), path).toMatchObject(BANNED);
  }
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0', { headers })).status).toBe(200);
  expect((await world.fetch('/v1/whoami', { headers })).status).toBe(200);

  const ended = await moderate(world, 'namespaces/acme/unban', { reason: 'They apologised.' });
  expect(await ended.json()).toEqual({ namespace: 'acme', changed: true });
  await world.drain();
  expect((await upload(world, key, await tarGz({ version: '2.0.0' }))).status).toBe(202);
});

test('a ban holds for signed tokens, for namespaces that the banned one made, and in one of them alone', async () => {
  const { world, key, headers } = await worldWithKey();
  for (const slug of ['acme-labs', 'acme-games']) {
    expect((await postJson(world, '/api/v1/publishers', { handle: slug }, headers)).status).toBe(201);
  }
  const issued = await postJson(world, '/api/v1/auth/token', {}, headers);
  const { token } = (await issued.json<{ data: { token: string } }>()).data;
  await moderate(world, 'namespaces/acme-labs/ban', REASON);
  const inLabs = await upload(world, key, await tarGz(), '?namespace=acme-labs');
  expect(await problemOf(inLabs)).toMatchObject({ status: 403, detail: "The namespace 'acme-labs' is banned: Spam." });
  expect((await upload(world, token, await tarGz())).status).toBe(202);

  await moderate(world, BAN, REASON);
  expect(await problemOf(await upload(world, token, await tarGz({ version: '2.0.0' })))).toMatchObject(BANNED);
  const inGames = await upload(world, key, await tarGz({ name: 'chess' }), '?namespace=acme-games');
  expect(await problemOf(inGames)).toMatchObject(BANNED);
});

/** A key of a namespace itself, as whoever reads the mail of acme gets one. */
async function keyOf(world: World, namespace: string): Promise<string> {
  world.advance(1);
  const sent = await postJson(world, '/v1/auth/login', { namespace, email: 'acme@example.com' });
  expect(sent.status).toBe(202);
  const [otp] = /\b\d{6}\b/.exec(world.outbox.at(-1)?.text ?? '') ?? [];
  const answer = await postJson(world, '/v1/auth/token', { namespace, otp });
  expect(answer.status).toBe(200);
  return (await answer.json<{ api_key: string }>()).api_key;
}

const makePublisher = async (world: World, headers: Record<string, string>, handle: string) => {
  expect((await postJson(world, '/api/v1/publishers', { handle }, headers)).status).toBe(201);
};

describe('namespaces that a banned one made, at whatever remove', () => {
  async function threeGenerations() {
    const made = await worldWithKey();
    const { world, headers } = made;
    await makePublisher(world, headers, 'acme-labs');
    const labs = await keyOf(world, 'acme-labs');
    await makePublisher(world, bearer(labs), 'tiny-labs');
    return { ...made, labs, tiny: await keyOf(world, 'tiny-labs') };
  }

  test('are banned with it, also for their own keys and new ones, and no longer than it is', async () => {
    const { world, labs, tiny } = await threeGenerations();
    await moderate(world, BAN, REASON);
    for (const [slug, key] of [
      ['acme-labs', labs],
      ['tiny-labs', tiny],
      ['tiny-labs', await keyOf(world, 'tiny-labs')],
    ] as const) {
      expect(await problemOf(await upload(world, key, await tarGz({ name: 'chess' })))).toMatchObject({
        status: 403,
        code: 'forbidden',
        detail: `The namespace 'acme', which made '${slug}', is banned: Spam.`,
      });
      expect((await postJson(world, '/api/v1/publishers', { handle: 'more-labs' }, bearer(key))).status).toBe(403);
      expect((await world.fetch('/v1/whoami', { headers: bearer(key) })).status).toBe(200);
    }
    await moderate(world, 'namespaces/acme/unban', REASON);
    expect((await upload(world, tiny, await tarGz({ name: 'chess' }))).status).toBe(202);
  });

  test('the ban of one leaves whoever made it alone, and what they made else', async () => {
    const { world, key, headers, labs, tiny } = await threeGenerations();
    await makePublisher(world, headers, 'acme-games');
    await moderate(world, 'namespaces/acme-labs/ban', REASON);
    expect((await upload(world, key, await tarGz())).status).toBe(202);
    expect((await upload(world, key, await tarGz({ name: 'chess' }), '?namespace=acme-games')).status).toBe(202);
    for (const banned of [labs, tiny]) {
      expect((await upload(world, banned, await tarGz({ name: 'chess' }))).status).toBe(403);
    }
  });

  test('publish nothing of what was on its way, and a moderator among them decides nothing', async () => {
    const { world, labs } = await threeGenerations();
    await newNamespace(world, 'umbrella');
    expect((await setModerator(world, 'acme-labs', true)).status).toBe(200);
    const { job_id } = await (await upload(world, labs, await tarGz())).json<{ job_id: string }>();
    await moderate(world, BAN, REASON);
    await world.drain();
    expect(await getJson(world, `/v1/jobs/${job_id}`)).toMatchObject({
      status: 'fail',
      // Strangers may read this who do not know what acme has made.
      message: "The namespace 'acme-labs' is banned: Spam.",
    });
    expect((await moderate(world, 'namespaces/umbrella/ban', REASON, bearer(labs))).status).toBe(403);
  });

  test('protect whoever made them, if one moderates: only an operator bans both', async () => {
    const { world, tiny } = await threeGenerations();
    const warden = await newModerator(world);
    expect((await setModerator(world, 'tiny-labs', true)).status).toBe(200);
    for (const headers of [warden.headers, bearer(tiny)]) {
      expect(await problemOf(await moderate(world, BAN, REASON, headers))).toMatchObject({
        status: 403,
        detail: "'tiny-labs', which 'acme' made, moderates this hub: only an operator can ban it.",
      });
    }
    expect((await moderate(world, BAN, REASON)).status).toBe(200);
  });

  test('a version that was signed when the ban came is not published', async () => {
    const { world, labs } = await threeGenerations();
    const { job_id } = await (await upload(world, labs, await tarGz())).json<{ job_id: string }>();
    const { signer } = world.deps;
    world.deps.signer = {
      ...signer,
      async sign(bytes) {
        world.deps.signer = signer;
        expect((await moderate(world, BAN, REASON)).status).toBe(200);
        return signer.sign(bytes);
      },
    };
    await world.deliver({ type: 'vet', jobId: job_id });
    expect((await world.fetch('/v1/packages/acme-labs/pdf-tools/1.0.0')).status).toBe(404);
    world.advance(2_000);
    await world.drain();
    expect(await getJson(world, `/v1/jobs/${job_id}`)).toMatchObject({
      status: 'fail',
      // Strangers may read this who do not know what acme has made.
      message: "The namespace 'acme-labs' is banned: Spam.",
    });
  });

  test('are hidden with it when asked', async () => {
    const { world, key, labs, tiny } = await threeGenerations();
    await publish(world, key);
    await publish(world, labs, { name: 'chess' });
    await publish(world, tiny, { name: 'draughts' });
    await publish(world, (await newNamespace(world, 'umbrella')).key, { name: 'weather-report' });
    const ban = await moderate(world, BAN, { ...REASON, hide: true });
    expect(await ban.json()).toMatchObject({ hidden: 3, more: false });
    expect(await getJson(world, '/v1/search')).toMatchObject({ total: 1 });
    const events = await auditOf(world);
    expect(
      events
        .filter(({ act }) => act === 'skill.hide')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['@acme-labs/chess', '@acme/pdf-tools', '@tiny-labs/draughts']);
  });
});

test('what was on its way when the ban came is not published', async () => {
  const { world, key } = await worldWithKey();
  const { job_id } = await (await upload(world, key, await tarGz())).json<{ job_id: string }>();
  await moderate(world, BAN, REASON);
  await world.drain();
  expect(await getJson(world, `/v1/jobs/${job_id}`)).toMatchObject({
    status: 'fail',
    message: "The namespace 'acme' is banned: Spam.",
  });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(404);
});

test('a ban hides the skills too when asked, a hundred a call, whatever came between', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  await publish(world, key, { name: 'word-tools' });
  await world.client.execute(
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) insert into skills (namespace, name, visibility, created_at, updated_at) select 'acme', 'more-' || i, 'public', 0, 0 from n",
  );
  const hide = async () => (await moderate(world, BAN, { ...REASON, hide: true })).json();
  expect(await hide()).toEqual({ namespace: 'acme', changed: true, hidden: 100, more: true });
  expect(await hide()).toEqual({ namespace: 'acme', changed: false, hidden: 2, more: false });
  expect(await hide()).toEqual({ namespace: 'acme', changed: false, hidden: 0, more: false });
  expect(await getJson(world, '/v1/search')).toMatchObject({ total: 0 });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(404);
  const events = await auditOf(world);
  expect(events.filter(({ act }) => act === 'namespace.ban')).toHaveLength(1);
  expect(new Set(events.filter(({ act }) => act === 'skill.hide').map(({ subject }) => subject)).size).toBe(102);

  await moderate(world, 'namespaces/acme/unban', REASON);
  await moderate(world, 'skills/acme/pdf-tools/show', REASON);
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 1 });
});

test('moderators ban, but no moderator; a banned or dismissed one moderates nothing', async () => {
  const { world, headers } = await worldWithKey();
  const warden = await newModerator(world);
  await newModerator(world, 'sheriff');
  await newNamespace(world, 'umbrella');
  const ban = (slug: string, as: Record<string, string>) => moderate(world, `namespaces/${slug}/ban`, REASON, as);
  expect((await ban('umbrella', headers)).status).toBe(403);
  expect((await ban('umbrella', {})).status).toBe(401);
  expect((await ban('sheriff', warden.headers)).status).toBe(403);
  expect((await ban('warden', warden.headers)).status).toBe(403);
  expect((await ban('nobody', warden.headers)).status).toBe(404);
  expect((await ban('umbrella', warden.headers)).status).toBe(200);

  expect((await setModerator(world, 'umbrella', true, warden.headers)).status).toBe(403);
  expect((await setModerator(world, 'nobody', true)).status).toBe(404);
  expect((await ban('warden', OPERATOR)).status).toBe(200);
  expect((await ban('acme', warden.headers)).status).toBe(403);
  await moderate(world, 'namespaces/warden/unban', REASON);
  expect((await setModerator(world, 'warden', false)).status).toBe(200);
  expect((await ban('acme', warden.headers)).status).toBe(403);
});

test('a login does not end a ban', async () => {
  const { world } = await worldWithKey();
  await moderate(world, BAN, REASON);
  const code = await mailedCode(world);
  const redeemed = await postJson(world, '/v1/auth/token', { namespace: 'acme', otp: code });
  const { api_key } = await redeemed.json<{ api_key: string }>();
  expect(await problemOf(await upload(world, api_key, await tarGz()))).toMatchObject(BANNED);
});
