import { expect, test } from 'vitest';
import { auditOf, moderate, newModerator, OPERATOR, setModerator } from '../support/moderation.ts';
import {
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
