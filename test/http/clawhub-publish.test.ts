import { expect, test } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import {
  announced,
  payload,
  publishForm,
  publishJson,
  refusalOf,
  sendFiles,
  sendTo,
  sha256Of,
  ticketFor,
} from '../support/clawhub.ts';
import { furtherKey, getJson, newNamespace, postJson, skill, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY } from '../support/world.ts';

const FILES = { 'scripts/run.sh': 'echo hi\n', 'assets/logo.bin': '\u0000\u0001\u0002' };

const published = (version = '1.0.0', status = 'published') => ({
  ok: true,
  skillId: 'acme/pdf-tools',
  versionId: `acme/pdf-tools@${version}`,
  status,
  publicationStatus: status,
  slug: 'pdf-tools',
  version,
  attemptId: expect.stringMatching(/^[0-9a-z]{26}$/),
});

test('files that were sent one by one become a version that can be installed at once', async () => {
  const { world, headers } = await worldWithKey();
  const files = await sendFiles(world, headers, { files: FILES });
  expect(files.map(({ path }) => path)).toEqual(['SKILL.md', 'assets/logo.bin', 'scripts/run.sh']);
  const response = await publishJson(world, headers, files, { changelog: 'First.' });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual(published());

  const download = await world.fetch('/v1/download/acme/pdf-tools/1.0.0');
  const bundle = await readArchive(new Uint8Array(await download.arrayBuffer()));
  expect(bundle.files).toEqual(skill({ files: FILES }).files.map((file) => ({ ...file, executable: false })));
  const { rows } = await world.client.execute('SELECT changelog FROM versions');
  expect(rows).toEqual([{ changelog: 'First.' }]);
  expect([...world.bundles.objects.keys()].filter((key) => /^(tickets|staged)\//.test(key))).toEqual([]);
});

test('a form with its files is the same publish', async () => {
  const { world, headers } = await worldWithKey();
  const response = await publishForm(world, headers, { files: FILES }, { ownerHandle: undefined });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual(published());
  const preview = await getJson<{ files: { path: string }[] }>(world, '/v1/packages/acme/pdf-tools/1.0.0/preview');
  expect(preview.files.map(({ path }) => path)).toEqual(['SKILL.md', 'assets/logo.bin', 'scripts/run.sh']);
});

test('both ways make the very same archive', async () => {
  const { world, headers } = await worldWithKey();
  await publishForm(world, headers, { files: FILES });
  await publishJson(world, headers, await sendFiles(world, headers, { files: FILES }), { version: '1.0.1' });
  const [first, second] = await Promise.all(
    ['1.0.0', '1.0.1'].map((version) => getJson<{ sha256: string }>(world, `/v1/packages/acme/pdf-tools/${version}`)),
  );
  expect(first?.sha256).toBe(second?.sha256);
});

test("the client's number counts, whatever SKILL.md says", async () => {
  const { world, headers } = await worldWithKey();
  expect(await (await publishForm(world, headers, { version: '7.0.0' })).json()).toEqual(published('1.0.0'));
  const next = await publishForm(world, headers, { version: '7.0.0', body: '# More\n\nText.\n' }, { version: '1.0.1' });
  expect(await next.json()).toEqual(published('1.0.1'));
});

test('an owner may be written with @ and capitals, and a flat slug beside it', async () => {
  const { world, headers } = await worldWithKey();
  const response = await publishForm(world, headers, {}, { ownerHandle: '@Acme', slug: 'acme.pdf-tools' });
  expect(response.status).toBe(200);
});

test('what the hub does not know is passed over', async () => {
  const { world, headers } = await worldWithKey();
  const source = { kind: 'github', url: 'https://github.com/a/b', repo: 'a/b', ref: 'main', commit: 'c', path: '.' };
  const extra = { categories: ['pdf'], topics: [], source, forkOf: { slug: 'other' }, acceptLicenseTerms: undefined };
  expect((await publishForm(world, headers, {}, extra)).status).toBe(200);
});

test('a version that takes longer than ten seconds is pending, and comes later', async () => {
  const { world, headers } = await worldWithKey();
  world.deps.queue.send = async () => undefined;
  const before = world.clock.now();
  const response = await publishForm(world, headers);
  expect(world.clock.now() - before).toBe(10_000);
  expect(response.status).toBe(200);
  const answer = await response.json<{ attemptId: string }>();
  expect(answer).toEqual(published('1.0.0', 'pending'));
  await world.deliver({ type: 'vet', jobId: answer.attemptId });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
});

test('findings that stop a version come as text, and its number is free again', async () => {
  const { world, headers } = await worldWithKey();
  const { status, text } = await refusalOf(await publishForm(world, headers, { description: 'Too short.' }));
  expect({ status, text }).toEqual({
    status: 400,
    text: expect.stringMatching(/^Stage 2 failed: description is too short .*\n- description is too short /),
  });
  expect((await publishForm(world, headers)).status).toBe(200);
});

test.each([
  ['without a key', {}, 401, /^This needs an API key\. .*clawhub login/],
  ['with a wrong key', { authorization: 'Bearer skh_wrong' }, 401, /^This API key is unknown or revoked\./],
])('nobody publishes %s', async (_, headers, status, text) => {
  const { world } = await worldWithKey();
  const responses = [
    await publishJson(world, headers, []),
    await publishForm(world, headers),
    await postJson(world, '/api/v1/skills/-/upload-url', announced('SKILL.md', new Uint8Array(3)), headers),
    await sendTo(world, headers, '/api/v1/skills/-/upload/abc', new Uint8Array(3)),
  ];
  for (const response of responses) {
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
    expect(await refusalOf(response)).toEqual({ status, text: expect.stringMatching(text) });
  }
});

test("a key publishes in its own namespace only, and only with the scope 'publish'", async () => {
  const { world, key, headers } = await worldWithKey();
  const other = await newNamespace(world, 'other');
  const foreign = await refusalOf(await publishForm(world, other.headers));
  expect(foreign).toEqual({ status: 403, text: expect.stringMatching(/^Your key belongs to the namespace 'other'/) });
  const reader = await furtherKey(world, key, ['read']);
  const weak = { status: 403, text: expect.stringMatching(/^Your key lacks the scope 'publish'/) };
  expect(await refusalOf(await publishForm(world, reader.headers))).toEqual(weak);
  expect(await refusalOf(await publishJson(world, reader.headers, await sendFiles(world, headers)))).toEqual(weak);
});

test('an operator publishes with a form, in the name of an owner', async () => {
  const { world } = await worldWithKey();
  const headers = { authorization: `Bearer ${OPERATOR_KEY}` };
  expect(await refusalOf(await publishForm(world, headers, {}, { ownerHandle: undefined }))).toMatchObject({
    status: 400,
  });
  expect((await publishForm(world, headers)).status).toBe(200);
  const url = '/api/v1/skills/-/upload-url';
  const refused = await postJson(world, url, announced('SKILL.md', new Uint8Array(3)), headers);
  expect(await refusalOf(refused)).toEqual({
    status: 403,
    text: expect.stringMatching(/^Files are uploaded one by one with a key of a namespace/),
  });
});

test('a slug that is not the name in SKILL.md is refused in words that help', async () => {
  const { world, headers } = await worldWithKey();
  for (const slug of ['pdf-tool', 'other.pdf-tools']) {
    expect(await refusalOf(await publishForm(world, headers, {}, { slug }))).toEqual({
      status: 400,
      text: `SKILL.md names the skill 'pdf-tools', but it was sent as '${slug}'. Rename its folder to 'pdf-tools', or change name in SKILL.md to '${slug}'.`,
    });
  }
});

test.each<[Record<string, unknown>, string]>([
  [{ version: '1.0' }, "'1.0' is not a semantic version. Use MAJOR.MINOR.PATCH, e.g. 1.0.0."],
  [{ version: 1 }, 'Invalid body: version: Invalid input: expected string, received number'],
  [{ slug: undefined }, 'Invalid body: slug: Invalid input: expected string, received undefined'],
  [{ changelog: 'x'.repeat(20_001) }, 'Invalid body: changelog: Too big: expected string to have <=20000 characters'],
  [
    { migrateOwner: true, sourceOwnerHandle: 'other' },
    'Publishing does not move a skill between owners. Publish without --migrate-owner, and give the skill away with `clawhub transfer request`.',
  ],
])('a payload with %o is refused', async (overrides, text) => {
  const { world, headers } = await worldWithKey();
  expect(await refusalOf(await publishForm(world, headers, {}, overrides))).toEqual({ status: 400, text });
});

test('a number that is taken is refused, by either way', async () => {
  const { world, headers } = await worldWithKey();
  await publishForm(world, headers);
  const taken = {
    status: 409,
    text: '@acme/pdf-tools@1.0.0 exists. Versions never change: raise the version and publish again.',
  };
  expect(await refusalOf(await publishForm(world, headers, { body: '# New\n' }))).toEqual(taken);
  const files = await sendFiles(world, headers, { body: '# New\n' });
  expect(await refusalOf(await publishJson(world, headers, files))).toEqual(taken);
  expect((await publishJson(world, headers, files, { version: '1.0.1' })).status).toBe(200);
});

test.each([
  ['no skill', { 'README.md': 'x' }, /SKILL\.md/],
  ['another spelling', { 'skill.md': 'x' }, /'skill\.md' must be spelled SKILL\.md/],
  ['a way out', { 'SKILL.md': 'x', '../a': 'x' }, /'\.\.\/a' has a '\.\.' segment in its path/],
  ['a file twice', { 'SKILL.md': 'x', 'skill.MD': 'x' }, /differs from 'SKILL\.md' only in letter case/],
  ['no frontmatter', { 'SKILL.md': '# x' }, /^SKILL\.md/],
])('a form with %s is refused', async (_, files, text) => {
  const { world, headers } = await worldWithKey();
  const form = new FormData();
  form.set('payload', JSON.stringify(payload()));
  for (const [path, content] of Object.entries(files)) form.append('files', new Blob([content]), path);
  const response = await world.fetch('/api/v1/skills', { method: 'POST', headers, body: form });
  expect(await refusalOf(response)).toEqual({ status: 400, text: expect.stringMatching(text) });
});

test('a form needs its payload and its files', async () => {
  const { world, headers } = await worldWithKey();
  const post = async (fill: (form: FormData) => void) => {
    const form = new FormData();
    fill(form);
    return refusalOf(await world.fetch('/api/v1/skills', { method: 'POST', headers, body: form }));
  };
  const fix = "Send one field 'payload' with JSON, and one field 'files' for each file with its path as the file name.";
  expect(await post((form) => form.set('other', 'x'))).toEqual({
    status: 400,
    text: `The form has no text field 'payload'. ${fix}`,
  });
  expect(await post((form) => form.set('payload', '{}'))).toEqual({
    status: 400,
    text: `The form has no field 'files'. ${fix}`,
  });
  const text = (form: FormData) => {
    form.set('payload', '{}');
    form.set('files', 'SKILL.md');
  };
  expect(await post(text)).toEqual({ status: 400, text: `A field 'files' of the form has no file name. ${fix}` });
  const broken = (form: FormData) => {
    form.set('payload', '{');
    form.set('files', new Blob(['x']), 'SKILL.md');
  };
  expect(await post(broken)).toEqual({ status: 400, text: 'The payload is not JSON. Send well-formed JSON.' });
  const type = { ...headers, 'content-type': 'multipart/form-data; boundary=x' };
  const cut = await world.fetch('/api/v1/skills', { method: 'POST', headers: type, body: '--x\r\nno form' });
  expect(await refusalOf(cut)).toEqual({
    status: 400,
    text: 'The multipart form could not be read. Send it as multipart/form-data with its boundary.',
  });
});

test.each(['text/plain', 'application/jsonx', 'application/zip'])('a body of type %s is refused', async (type) => {
  const { world, headers } = await worldWithKey();
  const init = { method: 'POST', headers: { ...headers, 'content-type': type }, body: '{}' };
  expect(await refusalOf(await world.fetch('/api/v1/skills', init))).toEqual({
    status: 415,
    text: 'A publish is sent as application/json or multipart/form-data. Set Content-Type accordingly.',
  });
});

test('a form that is too large is refused while it is read', async () => {
  const limits = { maxFiles: 2, maxFileBytes: 1000, maxUnpackedBytes: 1500, maxArchiveBytes: 5000 };
  const { world, headers } = await worldWithKey({ settings: { limits } });
  expect(await refusalOf(await publishForm(world, headers, { body: 'x'.repeat(80_000) }))).toEqual({
    status: 413,
    text: 'The body is larger than 69084 bytes. Leave out what the skill does not need.',
  });
  expect(await refusalOf(await publishForm(world, headers, { body: 'x'.repeat(1001) }))).toEqual({
    status: 400,
    text: expect.stringMatching(/^entry 'SKILL\.md' has more than 1000 bytes/),
  });
});

test('a list of files that is too large is refused while it is read', async () => {
  const { world, headers } = await worldWithKey();
  const response = await publishJson(world, headers, [], { changelog: 'x'.repeat(1024 * 1024) });
  expect(await refusalOf(response)).toEqual({
    status: 413,
    text: 'The body is larger than 1048576 bytes. Leave out what the skill does not need.',
  });
});

test('a bucket that does not take the bytes publishes nothing, and the client may try again', async () => {
  const { world, headers } = await worldWithKey();
  const files = await sendFiles(world, headers);
  const { put } = world.bundles;
  world.bundles.put = async () => Promise.reject(new Error('no bucket'));
  const { uploadUrl } = await ticketFor(world, headers, 'SKILL.md', new Uint8Array(3));
  expect(await refusalOf(await sendTo(world, headers, uploadUrl, new Uint8Array(3)))).toEqual({
    status: 503,
    text: 'The file could not be stored. Try again in a minute.',
  });
  expect(await refusalOf(await publishJson(world, headers, files))).toEqual({
    status: 503,
    text: 'The bundle could not be stored; nothing was published. Try again in a minute.',
  });
  world.bundles.put = put;
  expect((await publishJson(world, headers, files)).status).toBe(200);
});

test('files whose archive is too large are refused', async () => {
  const limits = { maxFiles: 10, maxFileBytes: 5000, maxUnpackedBytes: 5000, maxArchiveBytes: 1000 };
  const { world, headers } = await worldWithKey({ settings: { limits } });
  const noise = Array.from({ length: 60 }, (_, i) => sha256Of(new Uint8Array([i]))).join('');
  expect(await refusalOf(await publishForm(world, headers, { files: { 'noise.txt': noise } }))).toEqual({
    status: 400,
    text: expect.stringMatching(/^the archive is \d{4} bytes long; the limit is 1000\. Remove files from the skill/),
  });
});

test('a store that cannot be read is the fault of the hub, and the client may try again', async () => {
  const { world, headers } = await worldWithKey();
  const files = await sendFiles(world, headers);
  const { open } = world.bundles;
  world.bundles.open = async () => Promise.reject(new Error('no bucket'));
  expect(await refusalOf(await publishJson(world, headers, files))).toEqual({
    status: 500,
    text: 'The hub could not answer this request. Try again; if it stays, tell the operator.',
  });
  world.bundles.open = open;
  expect((await publishJson(world, headers, files)).status).toBe(200);
});
