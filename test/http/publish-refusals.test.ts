import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { SKILL_MD, tarGz as tarOf, utf8, zip as zipOf } from '../support/archives.ts';
import {
  bearer,
  furtherKey,
  newNamespace,
  problemOf,
  publish,
  type SkillOptions,
  streamed,
  tarGz,
  upload,
} from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

async function worldWithKey(overrides?: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(overrides);
  return { world, ...(await newNamespace(world)) };
}

/** What an upload leaves behind: nothing, when it was refused. */
async function traces(world: World) {
  const rows = await world.client.execute(
    'SELECT (SELECT count(*) FROM skills) + (SELECT count(*) FROM versions) + (SELECT count(*) FROM jobs) AS n',
  );
  return { rows: rows.rows[0]?.n, objects: world.bundles.objects.size, messages: world.queue.length };
}
const NO_TRACES = { rows: 0, objects: 0, messages: 0 };

const post = (world: World, headers: Record<string, string>, body: BodyInit, query = '') =>
  world.fetch(`/v1/publish${query}`, { method: 'POST', headers, body });

test.each([
  ['no key', {}, 'This needs an API key.'],
  ['an unknown key', bearer(`skh_${'0'.repeat(64)}`), 'This API key is unknown or revoked.'],
  ['a malformed header', { authorization: 'Token x' }, 'The Authorization header is not of the form "Bearer <key>".'],
])('401 with %s, before the query, the digest or the body is looked at', async (_, headers, detail) => {
  const world = await createWorld();
  let pulled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled = true;
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { ...headers, 'content-digest': 'sha-256=:x:' },
    body,
    duplex: 'half',
  };
  const response = await world.fetch('/v1/publish?visibility=secret', init);
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
  expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthorized', detail });
  expect(pulled).toBe(false);
});

test('401 with a revoked key', async () => {
  const { world, key, headers } = await worldWithKey();
  const ci = await furtherKey(world, key, ['publish']);
  await world.fetch(`/v1/keys/${ci.id}`, { method: 'DELETE', headers });
  expect((await upload(world, ci.key, await tarGz())).status).toBe(401);
  expect(await traces(world)).toEqual(NO_TRACES);
});

test('403 when manifest.json names another namespace', async () => {
  const { world, key } = await worldWithKey();
  await newNamespace(world, 'umbrella');
  const manifest = JSON.stringify({ namespace: 'umbrella', name: 'pdf-tools', version: '1.0.0' });
  const response = await upload(world, key, await tarGz({ files: { 'manifest.json': manifest } }));
  expect(await problemOf(response)).toEqual({
    type: 'about:blank',
    title: 'Forbidden',
    status: 403,
    code: 'forbidden',
    detail: "Your key belongs to the namespace 'acme', not to 'umbrella'.",
    fix: "Use a key of 'umbrella', or change the namespace of the skill.",
  });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test('403 when the query names another namespace than the key or the bundle', async () => {
  const { world, key } = await worldWithKey();
  expect(await problemOf(await upload(world, key, await tarGz(), '?namespace=umbrella'))).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
  const manifest = JSON.stringify({ namespace: 'acme', name: 'pdf-tools', version: '1.0.0' });
  const archive = await tarGz({ files: { 'manifest.json': manifest } });
  expect(await problemOf(await upload(world, key, archive, '?namespace=umbrella'))).toMatchObject({
    status: 403,
    detail: "The bundle belongs to 'acme', but the request names 'umbrella'.",
  });
});

test('409 while a version is vetted, once it is published, and after it was yanked', async () => {
  const { world, key, headers } = await worldWithKey();
  const archive = await tarGz();
  const conflict = async () => problemOf(await upload(world, key, archive));
  expect((await upload(world, key, archive)).status).toBe(202);
  const taken = { status: 409, code: 'version_exists' };
  expect(await conflict()).toMatchObject({ ...taken, detail: '@acme/pdf-tools@1.0.0 is being vetted.' });
  await world.drain();
  expect(await conflict()).toMatchObject({ ...taken, detail: '@acme/pdf-tools@1.0.0 exists.' });
  await world.fetch('/v1/packages/acme/pdf-tools/1.0.0/yank', { method: 'POST', headers });
  expect(await conflict()).toMatchObject({
    ...taken,
    detail: '@acme/pdf-tools@1.0.0 was yanked, and a yanked number stays taken.',
  });
});

const SMALL = { limits: { ...DEFAULT_LIMITS, maxArchiveBytes: 2_000 } };

test('413 by Content-Length alone', async () => {
  const { world, headers } = await worldWithKey({ settings: SMALL });
  const response = await post(world, { ...headers, 'content-length': '2001' }, utf8('short'));
  expect(await problemOf(response)).toMatchObject({
    status: 413,
    code: 'payload_too_large',
    detail: 'The body is larger than 2000 bytes.',
  });
});

test('413 by counting a stream, which is not read to its end', async () => {
  const { world, headers } = await worldWithKey({ settings: SMALL });
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1_000;
      controller.enqueue(new Uint8Array(1_000));
    },
  });
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };
  expect(await problemOf(await world.fetch('/v1/publish', init))).toMatchObject({
    status: 413,
    code: 'payload_too_large',
  });
  expect(sent).toBeLessThan(10_000);
});

test('413 is for more than the limit, not for the limit itself', async () => {
  const archive = await tarGz();
  const limits = { ...DEFAULT_LIMITS, maxArchiveBytes: archive.length };
  const { world, headers } = await worldWithKey({ settings: { limits } });
  const half = archive.length >> 1;
  const parts = [archive.subarray(0, half), archive.subarray(half)];
  expect((await world.fetch(streamed('/v1/publish', headers, ...parts, new Uint8Array(1)))).status).toBe(413);
  expect((await world.fetch(streamed('/v1/publish', headers, ...parts))).status).toBe(202);
});

test('413 for a file in a form, and for a form around it', async () => {
  const { world, headers } = await worldWithKey({ settings: SMALL });
  for (const [size, limit] of [
    [2_001, 2_000],
    [100_000, 2_000 + 64 * 1024],
  ]) {
    const form = new FormData();
    form.append('bundle', new Blob([new Uint8Array(size ?? 0)]), 'x.skill');
    expect(await problemOf(await post(world, headers, form))).toMatchObject({
      status: 413,
      detail: `The body is larger than ${limit} bytes.`,
    });
  }
});

const SKILL_FILE = { name: 'SKILL.md', data: SKILL_MD };
const noise = utf8('this is no archive');

test.each<[string, () => Uint8Array | Promise<Uint8Array>, Record<string, unknown>]>([
  ['bytes of no archive', () => noise, { code: 'malformed_archive' }],
  ['a tar.gz cut short', async () => (await tarGz()).subarray(0, 60), { code: 'malformed_archive' }],
  ['no SKILL.md', () => tarOf({ name: 'README.md', data: 'hi' }), { code: 'malformed_archive' }],
  [
    'a misspelt SKILL.md',
    () => tarOf({ name: 'skill.md', data: SKILL_MD }),
    { code: 'malformed_archive', file: 'skill.md' },
  ],
  [
    'a path out of the folder',
    () => tarOf(SKILL_FILE, { name: '../evil.sh', data: 'x' }),
    { code: 'hostile_archive', file: '../evil.sh' },
  ],
  [
    'a symbolic link',
    () => tarOf(SKILL_FILE, { name: 'link', type: '2', linkName: '/etc/passwd' }),
    { code: 'hostile_archive', file: 'link' },
  ],
  [
    'a zip with a path out of the folder',
    () => zipOf([SKILL_FILE, { name: '/etc/passwd', data: 'x' }]),
    { code: 'hostile_archive', file: '/etc/passwd' },
  ],
  [
    'a file over its limit',
    () => tarOf(SKILL_FILE, { name: 'big.txt', data: 'x'.repeat(5_000) }),
    { code: 'limit_exceeded', file: 'big.txt' },
  ],
  [
    'too many files',
    () => tarOf(SKILL_FILE, ...[1, 2, 3, 4].map((n) => ({ name: `${n}.txt`, data: 'x' }))),
    { code: 'limit_exceeded', file: '4.txt' },
  ],
])('422 for %s', async (_, pack, expected) => {
  const limits = { ...DEFAULT_LIMITS, maxFileBytes: 4_000, maxFiles: 4 };
  const { world, key } = await worldWithKey({ settings: { limits } });
  const problem = await problemOf(await upload(world, key, await pack()));
  expect(problem).toMatchObject({ status: 422, fix: expect.stringMatching(/\.$/), ...expected });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test.each<[string, SkillOptions, Record<string, unknown>]>([
  ['a name in capitals', { name: 'PDF-Tools' }, { code: 'invalid_skill_md', file: 'SKILL.md', line: 2 }],
  ['an empty description', { description: '""' }, { code: 'invalid_skill_md', file: 'SKILL.md', line: 3 }],
  [
    'frontmatter that is no YAML',
    { frontmatter: 'license: "MIT\n' },
    { code: 'invalid_skill_md', file: 'SKILL.md', line: expect.any(Number) },
  ],
  [
    'a manifest that is no JSON',
    { files: { 'manifest.json': '{' } },
    { code: 'invalid_manifest', file: 'manifest.json' },
  ],
  [
    'a manifest with another name',
    { files: { 'manifest.json': '{"name":"other","version":"1.0.0"}' } },
    { code: 'invalid_manifest', file: 'manifest.json' },
  ],
  [
    'a manifest whose sha256 is no digest',
    { files: { 'manifest.json': '{"name":"pdf-tools","version":"1.0.0","sha256":"abc"}' } },
    { code: 'invalid_manifest', file: 'manifest.json', detail: 'manifest.json: sha256: must be 64 hex digits' },
  ],
  [
    'a manifest whose version is none',
    { files: { 'manifest.json': '{"name":"pdf-tools","version":"one"}' } },
    { code: 'invalid_manifest', file: 'manifest.json' },
  ],
  [
    'a skill.yaml of another name',
    { files: { 'skill.yaml': 'name: other\nversion: 1.0.0\ndescription: Something else entirely.\n' } },
    { code: 'invalid_skill_yaml', file: 'skill.yaml' },
  ],
  ['no version anywhere', { version: null }, { code: 'invalid_version', file: 'SKILL.md' }],
])('422 for %s', async (_, options, expected) => {
  const { world, key } = await worldWithKey();
  const problem = await problemOf(await upload(world, key, await tarGz(options)));
  expect(problem).toMatchObject({ status: 422, fix: expect.stringMatching(/\S/), ...expected });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test.each([
  ['2.0.0', '1.0.0', 'The bundle says version 1.0.0, but the request says 2.0.0.'],
  ['1.0', null, "'1.0' is not a semantic version."],
  ['v1.0.0', null, "'v1.0.0' is not a semantic version."],
])('422 for ?version=%s when the bundle says %s', async (asked, version, detail) => {
  const { world, key } = await worldWithKey();
  const response = await upload(world, key, await tarGz({ version }), `?version=${asked}`);
  expect(await problemOf(response)).toMatchObject({ status: 422, code: 'invalid_version', detail });
});

test('400 for a visibility that there is not', async () => {
  const { world, key } = await worldWithKey();
  const response = await upload(world, key, await tarGz(), '?visibility=secret');
  expect(await problemOf(response)).toMatchObject({
    status: 400,
    code: 'invalid_request',
    errors: [{ path: 'visibility' }],
  });
});

test('422 for no body and for an empty one', async () => {
  const { world, key, headers } = await worldWithKey();
  const empty = { status: 422, code: 'invalid_body', detail: 'The request has no body.' };
  expect(await problemOf(await world.fetch('/v1/publish', { method: 'POST', headers }))).toMatchObject(empty);
  expect(await problemOf(await upload(world, key, new Uint8Array()))).toMatchObject(empty);
});

test('422 for a form without a file, with two, or that is none', async () => {
  const { world, headers } = await worldWithKey();
  const none = new FormData();
  none.append('bundle', 'text');
  expect(await problemOf(await post(world, headers, none))).toMatchObject({
    status: 422,
    code: 'invalid_body',
    detail: 'The form holds 0 files; it has to hold exactly one, the .skill archive.',
  });
  const two = new FormData();
  two.append('a', new Blob([noise]), 'a.skill');
  two.append('b', new Blob([noise]), 'b.skill');
  expect(await problemOf(await post(world, headers, two))).toMatchObject({
    status: 422,
    code: 'invalid_body',
    detail: 'The form holds 2 files; it has to hold exactly one, the .skill archive.',
  });
  const broken = { ...headers, 'content-type': 'multipart/form-data; boundary=x' };
  expect(await problemOf(await post(world, broken, noise))).toMatchObject({
    status: 422,
    code: 'invalid_body',
    detail: 'The multipart form could not be read.',
  });
});

test('422 for a Content-Digest of other bytes', async () => {
  const { world, headers } = await worldWithKey();
  const digest = `sha-256=:${Buffer.alloc(32).toString('base64')}:`;
  const response = await post(world, { ...headers, 'content-digest': digest }, await tarGz());
  expect(await problemOf(response)).toMatchObject({
    status: 422,
    code: 'digest_mismatch',
    detail: expect.stringMatching(/^The body's SHA-256 is [0-9a-f]{64}, but 0{64} was declared\.$/),
  });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test.each([
  'sha-256=:AAAA:',
  'sha-256=::',
  `sha-256=${'0'.repeat(64)}`,
  `sha-256=:${'A'.repeat(43)}=`,
  'sha-256',
  `sha-512=:AAAA:, sha-256=:${'A'.repeat(43)}!:`,
])('422 for the malformed Content-Digest %j', async (digest) => {
  const { world, headers } = await worldWithKey();
  const response = await post(world, { ...headers, 'content-digest': digest }, await tarGz());
  expect(await problemOf(response)).toMatchObject({
    status: 422,
    code: 'digest_mismatch',
    fix: 'Send it as sha-256=:<base64>:, or not at all.',
  });
});

test('503 when the bytes cannot be stored, and nothing is recorded', async () => {
  const { world, key } = await worldWithKey();
  world.bundles.put = () => Promise.reject(new Error('R2 said no'));
  const problem = await problemOf(await upload(world, key, await tarGz()));
  expect(problem).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'storage_unavailable',
    detail: 'The bundle could not be stored; nothing was published.',
    fix: 'Try again in a minute.',
  });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test('a queue that does not answer costs time only', async () => {
  const { world, key } = await worldWithKey();
  const { send } = world.deps.queue;
  world.deps.queue.send = () => Promise.reject(new Error('queue down'));
  const accepted = await upload(world, key, await tarGz());
  expect(accepted.status).toBe(202);
  world.deps.queue.send = send;
  world.advance(60_000);
  await world.sweep();
  await world.drain();
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
});

test('a fault of the hub says nothing of its cause', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  await world.client.execute('DROP TABLE jobs');
  const response = await world.fetch('/v1/jobs/x');
  expect(await problemOf(response)).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    code: 'internal_error',
    detail: 'The hub could not answer this request.',
    fix: 'Try again; if it stays, tell the operator.',
  });
  expect(world.logs.at(-1)).toEqual({
    level: 'error',
    event: 'request.failed',
    fields: {
      cause: expect.stringMatching(/^[^\n]*no such table: jobs[^\n]*$/),
      stack: expect.not.stringContaining('params'),
    },
  });
});
