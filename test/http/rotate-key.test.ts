import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  certificateRequest,
  type Publisher,
  publisher,
  selfSigned,
  signDigest,
  signedArchive,
} from '../support/publisher.ts';
import { bearer, furtherKey, newNamespace, postJson, problemOf, upload, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ROTATE = '/v1/namespaces/acme/rotate-key';
const [old, young, third] = [publisher('a'), publisher('b'), publisher('c')];

interface Token {
  namespace: string;
  old_key_fingerprint: string;
  new_key_fingerprint: string;
  new_cert_chain_pem: string[];
  nonce: string;
  issued_at: string;
  expires_at: string;
}

let nonces = 0;

/** As chrono prints it: nanoseconds, and the offset of UTC in figures. */
const rfc3339 = (milliseconds: number) => new Date(milliseconds).toISOString().replace('Z', '456789+00:00');

async function newToken(world: World, from = old, to = young): Promise<Token> {
  const now = world.clock.now();
  return {
    namespace: 'acme',
    old_key_fingerprint: from.fingerprint,
    new_key_fingerprint: to.fingerprint,
    new_cert_chain_pem: [await selfSigned(to, now)],
    nonce: createHash('sha256').update(String(nonces++)).digest('hex'),
    issued_at: rfc3339(now),
    expires_at: rfc3339(now + 5 * MINUTE),
  };
}

const signed = (token: Token, from = old, to = young) => {
  const digest = createHash('sha256').update(JSON.stringify(token)).digest('hex');
  return { token, old_sig: signDigest(from, digest), new_sig: signDigest(to, digest) };
};

/** A world in which `acme` has published with the old key. */
async function pinnedWorld(overrides?: Parameters<typeof worldWithKey>[0]) {
  const acme = await worldWithKey(overrides);
  expect((await publishWith(acme, old, '1.0.0')).status).toBe(202);
  return acme;
}

async function publishWith(
  { world, key }: { world: World; key: string },
  by: Publisher,
  version: string,
  chain?: string[],
) {
  return upload(world, key, signedArchive(by, chain ?? [await selfSigned(by, world.clock.now())], { version }));
}

/** The path of the link in the last mail. */
function mailedLink(world: World): string {
  const [, path] = /^ {4}http:\/\/hub\.test(\/\S+)$/m.exec(world.outbox.at(-1)?.text ?? '') ?? [];
  if (path === undefined) throw new Error('no link was mailed');
  return path;
}

async function request(world: World, headers: Record<string, string>, from = old, to = young): Promise<string> {
  const response = await postJson(world, ROTATE, signed(await newToken(world, from, to), from, to), headers);
  expect(response.status).toBe(200);
  return mailedLink(world);
}

test('both keys sign, the mailbox confirms, and from then on the new key counts', async () => {
  const acme = await pinnedWorld();
  const { world, headers } = acme;
  const answer = await postJson(world, ROTATE, signed(await newToken(world)), headers);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ message: expect.stringContaining('mailed') });
  expect(world.outbox).toEqual([
    {
      to: 'acme@example.com',
      subject: 'Confirm the new signing key of acme',
      text: expect.stringContaining(young.fingerprint),
    },
  ]);
  expect((await publishWith(acme, young, '1.1.0')).status).toBe(403);
  expect((await publishWith(acme, old, '1.1.0')).status).toBe(202);

  const confirmed = await world.fetch(mailedLink(world));
  expect(confirmed.status).toBe(200);
  expect(confirmed.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(confirmed.headers.get('cache-control')).toBe('no-store');
  expect(await confirmed.text()).toBe(
    `The namespace acme now signs with the key ${young.fingerprint}.\nThe old key is refused.\n`,
  );
  expect(await problemOf(await publishWith(acme, old, '1.2.0'))).toMatchObject({ status: 403, code: 'wrong_key' });
  expect((await publishWith(acme, young, '1.2.0')).status).toBe(202);
});

test('keys change again and again', async () => {
  const acme = await pinnedWorld();
  const { world, headers } = acme;
  expect((await world.fetch(await request(world, headers))).status).toBe(200);
  expect((await world.fetch(await request(world, headers, young, third))).status).toBe(200);
  expect((await publishWith(acme, third, '1.1.0')).status).toBe(202);
  expect((await publishWith(acme, young, '1.2.0')).status).toBe(403);
});

test('the link begins with the address that the operator set', async () => {
  const { world, headers } = await pinnedWorld({ settings: { publicUrl: 'https://skills.example.com' } });
  expect((await postJson(world, ROTATE, signed(await newToken(world)), headers)).status).toBe(200);
  expect(world.outbox[0]?.text).toMatch(
    / https:\/\/skills\.example\.com\/v1\/namespaces\/acme\/rotate-key\/confirm\?token=[0-9a-f]{64}\n/,
  );
});

test('the secret is kept as a hash only, and stays out of the logs', async () => {
  const { world, headers } = await pinnedWorld();
  const [, secret = ''] = (await request(world, headers)).split('token=');
  await world.fetch(mailedLink(world));
  const { rows } = await world.client.execute('SELECT * FROM key_rotations');
  expect(rows).toMatchObject([{ state: 'confirmed', confirm_hash: createHash('sha256').update(secret).digest('hex') }]);
  expect(JSON.stringify([rows, world.logs])).not.toContain(secret);
});

test('a link works once, for 24 hours, in its own namespace', async () => {
  const { world, headers } = await pinnedWorld();
  await newNamespace(world, 'umbrella');
  const gone = { status: 404, code: 'not_found', detail: 'This link is unknown, has expired, or was used before.' };
  const link = await request(world, headers);
  expect(await problemOf(await world.fetch(link.replace('/acme/', '/umbrella/')))).toMatchObject(gone);
  expect(await problemOf(await world.fetch(link.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))))).toMatchObject(
    gone,
  );
  world.advance(DAY);
  expect(await problemOf(await world.fetch(link))).toMatchObject(gone);
  const second = await request(world, headers);
  world.advance(DAY - 1);
  expect((await world.fetch(second)).status).toBe(200);
  expect(await problemOf(await world.fetch(second))).toMatchObject(gone);
  expect(await problemOf(await world.fetch(`${ROTATE}/confirm`))).toMatchObject({
    status: 400,
    code: 'invalid_request',
  });
});

test('a link that is opened by many at once works once', async () => {
  const { world, headers } = await pinnedWorld();
  const link = await request(world, headers);
  const answers = await Promise.all(Array.from({ length: 4 }, () => world.fetch(link)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404]);
});

test('of two requests the first to be confirmed holds, the other one is void', async () => {
  const acme = await pinnedWorld();
  const { world, headers } = acme;
  const first = await request(world, headers, old, young);
  const second = await request(world, headers, old, third);
  expect((await world.fetch(second)).status).toBe(200);
  expect(await problemOf(await world.fetch(first))).toMatchObject({ status: 409, code: 'state_conflict' });
  expect((await publishWith(acme, third, '1.1.0')).status).toBe(202);
});

test('the certificate of the old key ends with it', async () => {
  const acme = await pinnedWorld();
  const { world, headers } = acme;
  const certify = (by: Publisher) =>
    world.fetch('/v1/namespaces/acme/cert', { method: 'POST', headers, body: certificateRequest(by, 'acme') });
  expect((await certify(old)).status).toBe(200);
  const link = await request(world, headers);
  expect((await certify(young)).status).toBe(409);
  expect((await world.fetch(link)).status).toBe(200);
  const issued = await certify(young);
  expect(issued.status).toBe(200);
  const { cert, ca_cert } = await issued.json<{ cert: string; ca_cert: string }>();
  expect((await publishWith(acme, young, '1.1.0', [cert, ca_cert])).status).toBe(202);
});

test('before the first signed bundle, the key of the certificate is the old one', async () => {
  const acme = await worldWithKey();
  const { world, headers } = acme;
  expect(await problemOf(await postJson(world, ROTATE, signed(await newToken(world)), headers))).toMatchObject({
    status: 409,
    code: 'state_conflict',
  });
  await world.fetch('/v1/namespaces/acme/cert', { method: 'POST', headers, body: certificateRequest(old, 'acme') });
  expect((await world.fetch(await request(world, headers))).status).toBe(200);
  expect((await publishWith(acme, old, '1.0.0')).status).toBe(403);
  expect((await publishWith(acme, young, '1.0.0')).status).toBe(202);
});

test('it needs a key with admin of the namespace', async () => {
  const { world, key } = await pinnedWorld();
  const neighbour = await newNamespace(world, 'umbrella');
  const weak = await furtherKey(world, key, ['publish']);
  const body = signed(await newToken(world));
  expect(await problemOf(await postJson(world, ROTATE, body))).toMatchObject({ status: 401, code: 'unauthorized' });
  expect(await problemOf(await postJson(world, ROTATE, body, neighbour.headers))).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
  expect(await problemOf(await postJson(world, ROTATE, body, weak.headers))).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
  expect(world.outbox).toEqual([]);
  expect((await postJson(world, ROTATE, body, bearer(OPERATOR_KEY))).status).toBe(200);
});

const NOW = Date.UTC(2026, 0, 1);
/** One world for all tokens that leave nothing behind. */
let shared: ReturnType<typeof pinnedWorld> | undefined;
test.each<[string, Partial<Token>]>([
  ['another namespace', { namespace: 'umbrella' }],
  ['one key for both', { new_key_fingerprint: old.fingerprint }],
  ["another key's fingerprint", { new_key_fingerprint: third.fingerprint }],
  ['a fingerprint that is none', { new_key_fingerprint: 'abc' }],
  ['no time', { issued_at: 'now' }],
  ['six minutes', { expires_at: rfc3339(NOW + 5 * MINUTE + 1) }],
  ['an end before its beginning', { expires_at: rfc3339(NOW + MINUTE), issued_at: rfc3339(NOW + 2 * MINUTE) }],
  ['an end that has come', { issued_at: rfc3339(NOW - 5 * MINUTE), expires_at: rfc3339(NOW) }],
  ['a beginning in the future', { issued_at: rfc3339(NOW + 3 * MINUTE) }],
  ['no nonce', { nonce: '' }],
])('a token with %s is refused', async (_, change) => {
  shared ??= pinnedWorld();
  const { world, headers } = await shared;
  const body = signed({ ...(await newToken(world)), ...change });
  expect(await problemOf(await postJson(world, ROTATE, body, headers))).toMatchObject({
    status: 422,
    code: 'invalid_body',
  });
  expect(world.outbox).toEqual([]);
});

test('the new certificates have to be in order', async () => {
  const { world, headers } = await pinnedWorld();
  const now = world.clock.now();
  const chains = [
    [],
    ['hello'],
    [await selfSigned(young, now, { name: 'umbrella' })],
    [await selfSigned(young, now, { signer: third })],
  ];
  for (const new_cert_chain_pem of chains) {
    const body = signed({ ...(await newToken(world)), new_cert_chain_pem });
    expect(await problemOf(await postJson(world, ROTATE, body, headers))).toMatchObject({
      status: 400,
      code: 'invalid_certificate',
    });
  }
});

test('the old key has to be the one that counts', async () => {
  const { world, headers } = await pinnedWorld();
  expect(
    await problemOf(await postJson(world, ROTATE, signed(await newToken(world, third), third), headers)),
  ).toMatchObject({
    status: 403,
    code: 'wrong_key',
  });
});

test('both signatures have to be of this token', async () => {
  const { world, headers } = await pinnedWorld();
  const body = signed(await newToken(world));
  const another = signed(await newToken(world));
  const wrong = [
    { ...body, old_sig: body.new_sig },
    { ...body, new_sig: body.old_sig },
    { ...body, old_sig: another.old_sig },
    { ...body, new_sig: another.new_sig },
    { ...body, token: { ...body.token, nonce: 'another' } },
    { ...body, token: { ...body.token, expires_at: rfc3339(world.clock.now() + 4 * MINUTE) } },
  ];
  for (const changed of wrong) {
    expect(await problemOf(await postJson(world, ROTATE, changed, headers))).toMatchObject({
      status: 400,
      code: 'invalid_signature',
    });
  }
  expect((await postJson(world, ROTATE, body, headers)).status).toBe(200);
});

test('the fields may come in any order: the signatures are over theirs', async () => {
  const { world, headers } = await pinnedWorld();
  const { token, ...signatures } = signed(await newToken(world));
  const shuffled = Object.fromEntries(Object.entries({ ...token, extra: 1 }).reverse());
  expect((await postJson(world, ROTATE, { ...signatures, token: shuffled }, headers)).status).toBe(200);
});

test('a nonce is used once', async () => {
  const { world, headers } = await pinnedWorld();
  const body = signed(await newToken(world));
  const answers = await Promise.all([1, 2, 3].map(() => postJson(world, ROTATE, body, headers)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  expect(world.outbox).toHaveLength(1);
});

test('the fourth request within a day is refused, and says when the next one is free', async () => {
  const { world, headers } = await pinnedWorld();
  for (let at = 0; at < 3; at++) {
    await request(world, headers);
    world.advance(60 * MINUTE);
  }
  const refused = await postJson(world, ROTATE, signed(await newToken(world)), headers);
  expect(refused.headers.get('retry-after')).toBe(String(21 * 3600));
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'too_many_rotations' });
  world.advance(DAY - 3 * 60 * MINUTE);
  await request(world, headers);
});

test('when the mail cannot be sent nothing is recorded', async () => {
  const acme = await pinnedWorld();
  const { world, headers } = acme;
  const { mailer } = world.deps;
  world.deps.mailer = { send: () => Promise.reject(new Error('connection refused')) };
  const body = signed(await newToken(world));
  for (let at = 0; at < 4; at++) {
    expect(await problemOf(await postJson(world, ROTATE, body, headers))).toMatchObject({
      status: 503,
      code: 'mail_unavailable',
    });
  }
  world.deps.mailer = mailer;
  expect((await postJson(world, ROTATE, body, headers)).status).toBe(200);
  expect((await publishWith(acme, old, '1.1.0')).status).toBe(202);
});

test('what nobody confirmed is swept away after two days, what was confirmed is kept', async () => {
  const { world, headers } = await pinnedWorld();
  expect((await world.fetch(await request(world, headers))).status).toBe(200);
  await request(world, headers, young, third);
  world.advance(2 * DAY);
  await world.sweep();
  const states = async () =>
    (await world.client.execute('SELECT state FROM key_rotations ORDER BY state')).rows.map(({ state }) => state);
  expect(await states()).toEqual(['confirmed', 'pending']);
  world.advance(1);
  await world.sweep();
  expect(await states()).toEqual(['confirmed']);
});
