import { beforeEach, expect, test } from 'vitest';
import { ADDRESS_HEADER, from, setLimits, worldWithAddresses } from '../support/rate-limits.ts';
import { bearer, furtherKey, newNamespace, postJson, publish } from '../support/skills.ts';
import { statements, unplugDatabase } from '../support/statements.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
const LATEST = '/v1/packages/acme/pdf-tools/latest';
const MINUTE = 60_000;

let world: World;
let key: string;

beforeEach(async () => {
  world = await worldWithAddresses();
  ({ key } = await newNamespace(world));
  await publish(world, key);
});

/** The statuses of a request that is sent again and again. */
async function repeat(times: number, path: string, headers: Record<string, string>, init: RequestInit = {}) {
  const answers: number[] = [];
  for (let i = 0; i < times; i++) answers.push((await world.fetch(path, { ...init, headers })).status);
  return answers;
}

const JSON_BODY = { method: 'POST', body: '{"version":"9.9.9"}' };

test.each([
  ['read', LATEST, 200, {}],
  ['search', '/v1/search?q=pdf', 200, {}],
  ['download', '/v1/download/acme/pdf-tools/1.0.0', 200, {}],
  ['write', '/api/cli/telemetry/install', 200, JSON_BODY],
] as const)('%s: by address without a key, by key with one', async (kind, path, good, init) => {
  setLimits(world, { [kind]: { address: 2, key: 3 } });
  expect(await repeat(3, path, from(A), init)).toEqual([good, good, 429]);
  expect(await repeat(3, path, from(B), init)).toEqual([good, good, 429]);
  expect(await repeat(4, path, from(A, bearer(key)), init)).toEqual([good, good, good, 429]);
  expect(await repeat(1, path, from(B, bearer(key)), init)).toEqual([429]);
});

test('making accounts counts by address, with a key as without', async () => {
  setLimits(world, { account: { address: 2 } });
  const { key: other } = await newNamespace(world, 'other');
  const json = { 'content-type': 'application/json' };
  const init = (slug: string) => ({ method: 'POST', body: JSON.stringify({ slug, email: 'a@example.com' }) });
  for (const slug of ['one', 'two']) {
    expect(await repeat(1, '/v1/namespaces', from(A, { ...json, ...bearer(key) }), init(slug))).toEqual([200]);
  }
  const again = from(A, { ...json, ...bearer(other) });
  expect(await repeat(1, '/v1/namespaces', again, init('three'))).toEqual([429]);
  expect(await repeat(1, '/v1/auth/token', from(A, json), init('three'))).toEqual([429]);
  expect(await repeat(1, '/v1/%6Eamespaces', from(A, json), init('three'))).toEqual([429]);
  expect(await repeat(1, '/v1/namespaces', from(B, json), init('three'))).toEqual([200]);
});

test('a new minute begins anew', async () => {
  setLimits(world, { read: { address: 1, key: 1 } });
  const anybody = from(A);
  const owner = from(A, bearer(key));
  world.advance(MINUTE - 1);
  expect([await repeat(2, LATEST, anybody), await repeat(2, LATEST, owner)]).toEqual([
    [200, 429],
    [200, 429],
  ]);
  world.advance(1);
  expect([await repeat(2, LATEST, anybody), await repeat(2, LATEST, owner)]).toEqual([
    [200, 429],
    [200, 429],
  ]);
});

test('one key does not use up what another of the same namespace may', async () => {
  const further = await furtherKey(world, key, ['read']);
  setLimits(world, { read: { key: 1 } });
  expect(await repeat(2, LATEST, from(A, bearer(key)))).toEqual([200, 429]);
  expect(await repeat(2, LATEST, from(A, further.headers))).toEqual([200, 429]);
  expect(await repeat(2, LATEST, from(A, bearer(OPERATOR_KEY)))).toEqual([200, 429]);
});

test('what is answered out of memory counts, asks nobody else, and so does 304', async () => {
  const first = await world.fetch(LATEST, { headers: from(B) });
  const etag = first.headers.get('etag') ?? '';
  setLimits(world, { read: { address: 3 } });
  unplugDatabase(world);
  expect(await repeat(1, LATEST, from(A))).toEqual([200]);
  expect(await repeat(3, LATEST, from(A, { 'if-none-match': etag }))).toEqual([304, 304, 429]);
});

test.each([
  ['a key that nobody has', LATEST, bearer('skh_wrong')],
  ['no key at all', LATEST, { authorization: 'Basic abc' }],
  ['a false token', LATEST, bearer('eyJhbGciOiJub25lIn0.e30.')],
  ['a key for the Skill Hub', '/api/skill/detail/pdf-tools', { 'x-api-key': 'skh_wrong' }],
  ['nothing that a Skill Hub takes', '/api/skill/detail/pdf-tools', { authorization: 'Basic abc' }],
  ['a key for ClawHub', '/api/v1/skills/pdf-tools', bearer('skh_wrong')],
  ['a key for discovery', '/acme/.well-known/agent-skills/index.json', bearer('skh_wrong')],
])('%s counts for the address, and is 429 once that is used up', async (_what, path, headers) => {
  setLimits(world, { read: { address: 2, key: 100 } });
  expect(await repeat(4, path, from(A, headers))).toEqual([401, 401, 429, 429]);
  expect(await repeat(1, LATEST, from(A))).toEqual([429]);
  expect(await repeat(1, path, from(B))).toEqual([200]);
  expect(await repeat(1, LATEST, from(A, bearer(key)))).toEqual([200]);
});

test.skipIf(process.env.HUB_TEST_DATABASE === 'd1')(
  'a flood of bad keys costs no look-up once it is over the limit',
  async () => {
    const further = await furtherKey(world, key, ['read']);
    setLimits(world, { read: { address: 2 }, search: { address: 2 } });
    const tried = async (times: number, headers: Record<string, string>, path = '/v1/whoami') => {
      let answers: number[] = [];
      const asked = await statements(world, async () => {
        answers = await repeat(times, path, headers);
      });
      return { answers, asked: asked.length };
    };
    const bad = (n: number) => from(A, bearer(`skh_${n}`));
    expect(await tried(3, bad(1))).toEqual({ answers: [401, 401, 429], asked: 3 });
    for (const n of [1, 2, 3]) expect(await tried(5, bad(n))).toEqual({ answers: Array(5).fill(429), asked: 0 });
    const hub = { [ADDRESS_HEADER]: A, 'x-api-key': 'skh_4' };
    expect(await tried(1, hub, '/api/skill/detail/pdf-tools')).toEqual({ answers: [429], asked: 0 });
    const refused = await world.fetch('/v1/whoami', { headers: bad(5) });
    expect(refused.headers.get('retry-after')).toBe('60');

    // Whose key this instance has seen is not locked out by a neighbour, nor is anybody elsewhere.
    expect((await tried(2, from(A, bearer(key)))).answers).toEqual([200, 200]);
    expect((await tried(1, from(A, further.headers))).answers).toEqual([429]);
    expect((await tried(1, from(B, further.headers))).answers).toEqual([200]);
    expect((await tried(1, from(A, further.headers))).answers).toEqual([200]);
    expect((await tried(1, bad(1), '/v1/search')).answers).toEqual([401]);
    world.advance(MINUTE);
    expect(await tried(1, bad(1))).toEqual({ answers: [401], asked: 1 });
  },
);

test('one bad key after a neighbour used up the address keeps no good key out', async () => {
  const further = await furtherKey(world, key, ['read']);
  setLimits(world, { read: { address: 2 } });
  expect(await repeat(3, LATEST, from(A))).toEqual([200, 200, 429]);
  expect(await repeat(1, '/v1/whoami', from(A, bearer('skh_wrong')))).toEqual([429]);
  expect(await repeat(1, '/v1/whoami', from(A, further.headers))).toEqual([200]);
});

test('during a flood of bad keys a stranger a second gets in', async () => {
  const further = await furtherKey(world, key, ['read']);
  setLimits(world, { read: { address: 2 } });
  await repeat(4, '/v1/whoami', from(A, bearer('skh_wrong')));
  expect(await repeat(1, '/v1/whoami', from(A, further.headers))).toEqual([429]);
  world.advance(1_000);
  expect(await repeat(2, '/v1/whoami', from(A, further.headers))).toEqual([200, 200]);
  expect(await repeat(1, '/v1/whoami', from(A, bearer('skh_wrong')))).toEqual([429]);
});

test('a key is known however it is sent', async () => {
  setLimits(world, { read: { address: 2 } });
  await repeat(1, '/v1/whoami', from(B, bearer(key)));
  await repeat(4, '/v1/whoami', from(A, bearer('skh_wrong')));
  for (const authorization of [`Bearer  ${key}`, `bearer   ${key}`]) {
    expect(await repeat(1, '/v1/whoami', from(A, { authorization }))).toEqual([200]);
  }
  expect(await repeat(1, '/api/skill/detail/pdf-tools', from(A, { 'x-api-key': key }))).toEqual([200]);
  expect(await repeat(1, '/v1/whoami', from(A, { authorization: key }))).toEqual([429]);
});

test.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('a key that was revoked is no good key any more', async () => {
  const further = await furtherKey(world, key, ['read']);
  await repeat(1, '/v1/whoami', from(A, further.headers));
  await world.fetch(`/v1/keys/${further.id}`, { method: 'DELETE', headers: bearer(key) });
  setLimits(world, { read: { address: 1 } });
  const asked = await statements(world, async () => {
    expect(await repeat(4, '/v1/whoami', from(A, further.headers))).toEqual([401, 429, 429, 429]);
  });
  expect(asked).toHaveLength(2);
});

test.each([
  ['/v1/search', { 'x-api-key': 'whatever' }, 200],
  ['/v1/search', { cookie: 'whatever' }, 200],
  ['/', bearer('whatever'), 302],
  ['/nowhere', bearer('whatever'), 404],
  ['/.well-known/clawhub.json', bearer('whatever'), 200],
  ['/cli/device', bearer('whatever'), 200],
])('%s: a header that nobody looks at there evades nothing: %j', async (path, headers, status) => {
  setLimits(world, { read: { address: 1 }, search: { address: 1 } });
  expect(await repeat(2, path, from(A, headers), { redirect: 'manual' })).toEqual([status, 429]);
});

test('a link counts for the address, whatever key comes with it', async () => {
  const made = await postJson(world, '/v1/packages/acme/pdf-tools/link', {}, bearer(key));
  const { url } = await made.json<{ url: string }>();
  setLimits(world, { download: { address: 1, key: 100 } });
  const index = `${new URL(url).pathname}/.well-known/agent-skills/index.json`;
  expect(await repeat(2, index, from(A, bearer(key)))).toEqual([200, 429]);
});

test('the path counts as the router reads it', async () => {
  setLimits(world, { search: { address: 1 } });
  expect(await repeat(1, '/v1/search', from(A))).toEqual([200]);
  expect(await repeat(1, '/v1/s%65arch?q=/v1/download/', from(A))).toEqual([429]);
});

test('HEAD counts as GET does', async () => {
  setLimits(world, { read: { address: 2, key: 2 } });
  for (const headers of [from(A), from(A, bearer(key))]) {
    expect(await repeat(3, LATEST, headers, { method: 'HEAD' })).toEqual([200, 200, 429]);
    expect(await repeat(1, LATEST, headers)).toEqual([429]);
  }
});

test('health and preflights are never refused', async () => {
  setLimits(world, { read: { address: 1 }, write: { address: 1 } });
  expect(await repeat(3, '/healthz', from(A))).toEqual([200, 200, 200]);
  const preflight = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
  const options = { method: 'OPTIONS' };
  expect(await repeat(3, '/api/v1/skills', from(A, preflight), options)).toEqual([204, 204, 204]);
  expect(await repeat(2, LATEST, from(A))).toEqual([200, 429]);
});

test('OPTIONS with a key is no preflight, so nobody tries keys with it', async () => {
  setLimits(world, { read: { address: 1 } });
  expect(await repeat(2, LATEST, from(A, bearer('skh_wrong')), { method: 'OPTIONS' })).toEqual([401, 429]);
});

test('neighbours in an IPv6 network count as one; clients of unknown address too', async () => {
  setLimits(world, { read: { address: 1 } });
  expect(await repeat(1, LATEST, from('2001:db8:1:2::1'))).toEqual([200]);
  expect(await repeat(1, LATEST, from('2001:db8:1:2:ffff::9'))).toEqual([429]);
  expect(await repeat(1, LATEST, from('2001:db8:1:3::1'))).toEqual([200]);
  expect(await repeat(1, LATEST, {})).toEqual([200]);
  expect(await repeat(1, LATEST, from('nonsense'))).toEqual([429]);
});

test('a fault before the key is known counts for the address', async () => {
  setLimits(world, { read: { address: 2, key: 100 } });
  unplugDatabase(world);
  expect(await repeat(3, LATEST, from(A, bearer(key)))).toEqual([500, 500, 429]);
});

test('counting writes nothing, and refusing asks nothing', async () => {
  await world.fetch(LATEST, { headers: bearer(key) });
  setLimits(world, { read: { address: 1, key: 1 } });
  const counted = async (headers: Record<string, string>) =>
    (await statements(world, () => repeat(1, LATEST, headers))).map((sql) => sql.slice(0, 7).toLowerCase());
  for (const headers of [from(A), from(A, bearer(key))]) {
    const read = await counted(headers);
    expect(read.length).toBeGreaterThan(0);
    expect(new Set(read)).toEqual(new Set(['select ']));
  }
  expect(await counted(from(A))).toEqual([]);
});
