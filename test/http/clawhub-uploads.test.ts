import { expect, test } from 'vitest';
import { announced, publishJson, refusalOf, sendFiles, sendTo, sha256Of, ticketFor } from '../support/clawhub.ts';
import { furtherKey, newNamespace, postJson, streamed, worldWithKey } from '../support/skills.ts';

const HOUR = 3_600_000;
const BYTES = new TextEncoder().encode('hello\n');
const URL_PATH = '/api/v1/skills/-/upload-url';

const UNKNOWN = { status: 404, text: 'This upload ticket is unknown, expired or used. Publish again.' };
const unusable = (path: string) => ({
  status: 400,
  text: `There is no upload of '${path}' that this publish can use. Uploads last an hour and serve one publish. Publish again.`,
});

test('a ticket is an absolute URL of this hub, and the database does not hold it', async () => {
  const { world, headers } = await worldWithKey();
  const { uploadUrl, uploadTicket } = await ticketFor(world, headers, 'a.md', BYTES);
  expect(uploadTicket).toMatch(/^[0-9a-f]{64}$/);
  expect(uploadUrl).toBe(`http://hub.test/api/v1/skills/-/upload/${uploadTicket}`);
  const { rows } = await world.client.execute('SELECT * FROM upload_tickets');
  expect(rows).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-z]{26}$/),
      hash: sha256Of(new TextEncoder().encode(uploadTicket)),
      namespace: 'acme',
      path: 'a.md',
      size: 6,
      sha256: sha256Of(BYTES),
      content_type: 'text/markdown',
      created_at: world.clock.now(),
      expires_at: world.clock.now() + HOUR,
      uploaded_at: null,
      used_at: null,
    },
  ]);
  expect(JSON.stringify(world.logs)).not.toContain(uploadTicket);
});

test('the URL begins with the public origin of the hub where one is set', async () => {
  const { world, headers } = await worldWithKey({ settings: { publicUrl: 'https://skills.example.com' } });
  const { uploadUrl } = await ticketFor(world, headers, 'a.md', BYTES);
  expect(uploadUrl).toMatch(/^https:\/\/skills\.example\.com\/api\/v1\/skills\/-\/upload\/[0-9a-f]{64}$/);
});

test.each<[Record<string, unknown>, number, string]>([
  [{ path: '../a' }, 400, "'../a' has a '..' segment in its path. Rename this file."],
  [{ path: '/etc/passwd' }, 400, "'/etc/passwd' has an absolute path. Rename this file."],
  [{ path: '' }, 400, 'Invalid body: path: Too small: expected string to have >=1 characters'],
  [{ size: -1 }, 400, 'Invalid body: size: Too small: expected number to be >=0'],
  [{ size: 1.5 }, 400, 'Invalid body: size: Invalid input: expected int, received number'],
  [{ sha256: 'abc' }, 400, 'Invalid body: sha256: must be 64 hex digits'],
  [{ contentType: undefined }, 400, 'Invalid body: contentType: Invalid input: expected string, received undefined'],
  [{ size: 10 * 1024 * 1024 + 1 }, 413, "'a.md' has more than 10485760 bytes. Leave it out of the skill."],
])('no ticket for %o', async (overrides, status, text) => {
  const { world, headers } = await worldWithKey();
  const response = await postJson(world, URL_PATH, { ...announced('a.md', BYTES), ...overrides }, headers);
  expect(await refusalOf(response)).toEqual({ status, text });
});

test('a request for a ticket is JSON', async () => {
  const { world, headers } = await worldWithKey();
  const post = (type: string, body: string) =>
    world.fetch(URL_PATH, { method: 'POST', headers: { ...headers, 'content-type': type }, body });
  expect(await refusalOf(await post('application/json', '{'))).toMatchObject({ status: 400 });
  expect(await refusalOf(await post('text/plain', '{}'))).toMatchObject({ status: 400 });
  expect(await refusalOf(await post('application/json', JSON.stringify({ a: 'x'.repeat(70_000) })))).toMatchObject({
    status: 413,
  });
});

test("no ticket for a key without the scope 'publish'", async () => {
  const { world, key } = await worldWithKey();
  const reader = await furtherKey(world, key, ['read']);
  expect(await refusalOf(await postJson(world, URL_PATH, announced('a.md', BYTES), reader.headers))).toEqual({
    status: 403,
    text: "Your key lacks the scope 'publish'. Create a key with the scope 'publish'.",
  });
});

test('only the bytes that were announced are stored', async () => {
  const { world, headers } = await worldWithKey();
  const { uploadUrl } = await ticketFor(world, headers, 'a.md', BYTES);
  const send = async (text: string) =>
    refusalOf(await sendTo(world, headers, uploadUrl, new TextEncoder().encode(text)));
  const tooLarge = {
    status: 413,
    text: 'The body is larger than 6 bytes. Leave out what the skill does not need.',
  };
  expect(await send('hello!!')).toEqual(tooLarge);
  expect(await send('hell')).toEqual({
    status: 400,
    text: "'a.md' was announced with 6 bytes, but 4 came. Send the whole file again.",
  });
  expect(await send('HELLO\n')).toEqual({
    status: 400,
    text: `The SHA-256 of 'a.md' is ${sha256Of(new TextEncoder().encode('HELLO\n'))}, but ${sha256Of(BYTES)} was announced. The file changed, or was damaged on its way. Publish again.`,
  });
  const path = new URL(uploadUrl).pathname;
  const endless = streamed(path, headers, ...Array.from({ length: 8 }, () => BYTES));
  expect(await refusalOf(await world.fetch(endless))).toEqual(tooLarge);
  expect([...world.bundles.objects.keys()]).toEqual([]);
  expect((await sendTo(world, headers, uploadUrl, BYTES)).status).toBe(200);
});

test('a file may come again, and an empty one too', async () => {
  const { world, headers } = await worldWithKey();
  for (const bytes of [BYTES, new Uint8Array()]) {
    const { uploadUrl } = await ticketFor(world, headers, 'a.md', bytes);
    const [first, second] = [
      await (await sendTo(world, headers, uploadUrl, bytes)).json(),
      await (await sendTo(world, headers, uploadUrl, bytes)).json(),
    ];
    expect(first).toEqual({ storageId: expect.stringMatching(/^[0-9a-z]{26}$/) });
    expect(second).toEqual(first);
  }
});

test('a ticket is of no use to another namespace, after an hour, or when nobody issued it', async () => {
  const { world, headers } = await worldWithKey();
  const other = await newNamespace(world, 'other');
  const { uploadUrl } = await ticketFor(world, headers, 'a.md', BYTES);
  expect(await refusalOf(await sendTo(world, other.headers, uploadUrl, BYTES))).toEqual(UNKNOWN);
  const guessed = `/api/v1/skills/-/upload/${'0'.repeat(64)}`;
  expect(await refusalOf(await sendTo(world, headers, guessed, BYTES))).toEqual(UNKNOWN);
  world.advance(HOUR);
  expect(await refusalOf(await sendTo(world, headers, uploadUrl, BYTES))).toEqual(UNKNOWN);
});

test('a publish uses its tickets up', async () => {
  const { world, headers } = await worldWithKey();
  const files = await sendFiles(world, headers);
  expect((await publishJson(world, headers, files)).status).toBe(200);
  expect(await refusalOf(await publishJson(world, headers, files, { version: '1.0.1' }))).toEqual(unusable('SKILL.md'));
  const url = `/api/v1/skills/-/upload/${files[0]?.uploadTicket}`;
  expect(await refusalOf(await sendTo(world, headers, url, new Uint8Array()))).toEqual(UNKNOWN);
});

test('of two publishes with the same tickets, one is accepted', async () => {
  const { world, headers } = await worldWithKey();
  const files = await sendFiles(world, headers);
  const answers = await Promise.all(
    ['1.0.0', '1.0.1'].map((version) => publishJson(world, headers, files, { version })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test.each<[string, Record<string, unknown>]>([
  ['path', { path: 'b.md' }],
  ['size', { size: 7 }],
  ['sha256', { sha256: '0'.repeat(64) }],
  ['contentType', { contentType: 'text/html' }],
  ['storageId', { storageId: '0'.repeat(26) }],
  ['uploadTicket', { uploadTicket: '0'.repeat(64) }],
])('a publish that says another %s than its ticket is refused, and the ticket stays good', async (_, change) => {
  const { world, headers } = await worldWithKey();
  const files = await sendFiles(world, headers, { files: { 'a.md': 'x\n' } });
  const changed = files.map((file) => (file.path === 'a.md' ? { ...file, ...change } : file));
  expect(await refusalOf(await publishJson(world, headers, changed))).toEqual(unusable(String(change.path ?? 'a.md')));
  expect((await publishJson(world, headers, files)).status).toBe(200);
});

test('a publish that is refused for what is in its files leaves the tickets good', async () => {
  const { world, headers } = await worldWithKey();
  const files = await sendFiles(world, headers);
  expect(await refusalOf(await publishJson(world, headers, files, { slug: 'other' }))).toMatchObject({ status: 400 });
  expect((await publishJson(world, headers, files)).status).toBe(200);
});

test('a publish finds no upload that never happened, is an hour old, or is another namespace’s', async () => {
  const { world, headers } = await worldWithKey();
  const other = await newNamespace(world, 'other');
  const { uploadTicket } = await ticketFor(world, headers, 'SKILL.md', BYTES);
  const { rows } = await world.client.execute('SELECT id FROM upload_tickets');
  const never = { ...announced('SKILL.md', BYTES), storageId: rows[0]?.id, uploadTicket };
  expect(await refusalOf(await publishJson(world, headers, [never]))).toEqual(unusable('SKILL.md'));
  const files = await sendFiles(world, headers);
  const theirs = await publishJson(world, other.headers, files, { ownerHandle: 'other' });
  expect(await refusalOf(theirs)).toEqual(unusable('SKILL.md'));
  world.advance(HOUR);
  expect(await refusalOf(await publishJson(world, headers, files))).toEqual(unusable('SKILL.md'));
});

test('a publish names at least one file, and no more than a skill may have', async () => {
  const limits = { maxFiles: 2, maxFileBytes: 1000, maxUnpackedBytes: 1500, maxArchiveBytes: 5000 };
  const { world, headers } = await worldWithKey({ settings: { limits } });
  const fix = 'Remove files from the skill, or split it into several skills.';
  expect(await refusalOf(await publishJson(world, headers, []))).toEqual({
    status: 400,
    text: 'Invalid body: files: Too small: expected array to have >=1 items',
  });
  const many = await sendFiles(world, headers, { files: { 'a.md': 'x', 'b.md': 'x' } });
  expect(await refusalOf(await publishJson(world, headers, many))).toEqual({
    status: 400,
    text: `The skill has 3 files; the limit is 2. ${fix}`,
  });
  const large = await sendFiles(world, headers, { body: 'x'.repeat(800), files: { 'a.md': 'x'.repeat(800) } });
  const total = large.reduce((sum, { size }) => sum + size, 0);
  expect(await refusalOf(await publishJson(world, headers, large))).toEqual({
    status: 400,
    text: `The skill has ${total} bytes; the limit is 1500. ${fix}`,
  });
});

test('what nobody published is swept away after its hour', async () => {
  const { world, headers } = await worldWithKey();
  await sendFiles(world, headers, { files: { 'a.md': 'x\n' } });
  await ticketFor(world, headers, 'b.md', BYTES);
  const left = async () => {
    const { rows } = await world.client.execute('SELECT count(*) AS n FROM upload_tickets');
    return [rows[0]?.n, [...world.bundles.objects.keys()].filter((key) => key.startsWith('tickets/')).length];
  };
  world.advance(HOUR);
  await world.sweep();
  expect(await left()).toEqual([3, 2]);
  world.advance(HOUR / 4);
  await world.sweep();
  expect(await left()).toEqual([0, 0]);
  expect(world.logs).toContainEqual({ level: 'info', event: 'sweep.tickets', fields: { deleted: 3 } });
});

test('files that a publish could not delete go with their tickets', async () => {
  const { world, headers } = await worldWithKey();
  const files = await sendFiles(world, headers);
  const remove = world.bundles.delete;
  world.bundles.delete = async (keys) => {
    if (keys.some((key) => key.startsWith('tickets/'))) throw new Error('no bucket');
    return remove(keys);
  };
  expect((await publishJson(world, headers, files)).status).toBe(200);
  expect(world.logs).toContainEqual({
    level: 'error',
    event: 'tickets.files.kept',
    fields: { tickets: 1, cause: 'no bucket' },
  });
  world.bundles.delete = remove;
  world.advance(2 * HOUR);
  await world.sweep();
  expect([...world.bundles.objects.keys()].filter((key) => key.startsWith('tickets/'))).toEqual([]);
});
