import { createHash, createVerify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readArchive, writeTarGz } from '../../src/format/archive.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { readTar } from '../../src/format/tar-read.ts';
import { tarGz as tarOf } from '../support/archives.ts';
import {
  getJson,
  newNamespace,
  problemOf,
  publish,
  skill,
  streamed,
  tarGz,
  upload,
  worldWithKey,
  zip,
} from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

test('a published version is vetted, signed, found, described and served', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const archive = await tarGz();

  const accepted = await upload(world, key, archive);
  expect(accepted.status).toBe(202);
  const { job_id } = await accepted.json<{ job_id: string }>();
  expect(accepted.headers.get('location')).toBe(`/v1/jobs/${job_id}`);
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(404);
  await world.drain();

  const job = await (await world.fetch(`/v1/jobs/${job_id}`)).json<{
    status: string;
    stages: { stage: string; status: string }[];
  }>();
  expect(job.status).toBe('pass');
  expect(job.stages.map(({ stage, status }) => `${stage} ${status}`)).toEqual([
    'structure pass',
    'content pass',
    'safety pass',
    'examination pass',
    'signing pass',
  ]);

  const found = await (await world.fetch('/v1/search?q=pdf')).json<{ packages: { name: string }[]; total: number }>();
  expect(found).toMatchObject({
    total: 1,
    page: 1,
    packages: [{ namespace: 'acme', name: 'pdf-tools', latest_version: '1.0.0' }],
  });

  const download = await world.fetch('/v1/download/acme/pdf-tools/1.0.0');
  expect(new Uint8Array(await download.arrayBuffer())).toEqual(archive);
  const signature = new Uint8Array(await (await world.fetch('/v1/download/acme/pdf-tools/1.0.0/sig')).arrayBuffer());
  const { keys } = await (await world.fetch('/v1/keys/registry')).json<{ keys: { pem: string }[] }>();
  expect(
    createVerify('sha256')
      .update(archive)
      .verify(keys[0]?.pem ?? '', signature),
  ).toBe(true);
});

test('a zip is served as the canonical archives of its files', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const accepted = await upload(world, key, await zip());
  expect(accepted.status).toBe(202);
  await world.drain();
  for (const format of ['skill', 'tar.gz', 'zip']) {
    const bytes = new Uint8Array(
      await (await world.fetch(`/v1/download/acme/pdf-tools/latest?format=${format}`)).arrayBuffer(),
    );
    expect(await readArchive(bytes), format).toEqual(skill());
  }
});

test('the same version is refused twice, another version is not', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  expect((await publish(world, key)).status).toBe('pass');
  const again = await upload(world, key, await tarGz());
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: 'version_exists' });
  expect((await publish(world, key, { version: '1.0.1' })).status).toBe('pass');
});

test('the answer says what was accepted and what could be better', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const response = await upload(world, key, await tarGz({ frontmatter: 'mood: sunny\n' }));
  expect(response.status).toBe(202);
  const body = await response.json<Record<string, unknown>>();
  expect(body).toEqual({
    job_id: expect.stringMatching(/^[0-9a-z]{26}$/),
    message: '@acme/pdf-tools@1.0.0 is being vetted.',
    namespace: 'acme',
    name: 'pdf-tools',
    version: '1.0.0',
    warnings: [expect.objectContaining({ severity: 'warning', file: 'SKILL.md' })],
  });
});

test.each([
  ['raw tar.gz', tarGz, (bytes: Uint8Array) => bytes],
  ['raw zip', zip, (bytes: Uint8Array) => bytes],
  ['tar.gz in a form', tarGz, formOf],
  ['zip in a form', zip, formOf],
])('%s is accepted', async (_, pack, wrap) => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const body = wrap(await pack());
  const response = await world.fetch('/v1/publish', { method: 'POST', headers, body });
  expect(response.status).toBe(202);
  await world.drain();
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
});

test.each([
  'application/octet-stream',
  'application/gzip',
  'application/x-www-form-urlencoded',
  'text/plain',
  'application/json',
])('a raw body is an archive whatever its type says: %s', async (type) => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const init = { method: 'POST', headers: { ...headers, 'content-type': type }, body: await tarGz() };
  expect((await world.fetch('/v1/publish', init)).status).toBe(202);
});

test('fields beside the file of a form are passed over', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const body = formOf(await tarGz());
  body.append('comment', 'hello');
  expect((await world.fetch('/v1/publish', { method: 'POST', headers, body })).status).toBe(202);
});

const served = async (world: World) =>
  new Uint8Array(await (await world.fetch('/v1/download/acme/pdf-tools/1.0.0')).arrayBuffer());
const SKILL = { name: 'SKILL.md', data: skill().files[0]?.bytes ?? '' };

test.each<[string, Uint8Array, string[]]>([
  ['a hidden copy of macOS', tarOf(SKILL, { name: 'scripts/._run.sh', data: 'x' }), ['SKILL.md']],
  ['__MACOSX/', tarOf(SKILL, { name: '__MACOSX/payload.bin', data: 'x' }), ['SKILL.md']],
  ['./ before a path', tarOf({ ...SKILL, name: './SKILL.md' }, { name: 'a.txt' }), ['SKILL.md', 'a.txt']],
  ['a ./ folder', tarOf({ name: './', type: '5' }, SKILL), ['SKILL.md']],
  ['a folder around it', tarOf({ ...SKILL, name: 'pdf/SKILL.md' }, { name: 'pdf/b.txt' }), ['SKILL.md', 'b.txt']],
])('an upload with %s is served as the canonical archive of its files', async (_, archive, paths) => {
  const { world, key } = await worldWithKey();
  expect((await upload(world, key, archive)).status).toBe(202);
  await world.drain();
  const bytes = await served(world);
  const entries = readTar(gunzipSync(bytes), DEFAULT_LIMITS);
  expect(entries.map(({ path }) => path)).toEqual(paths);
  expect(bytes).toEqual(await writeTarGz(await readArchive(archive)));
  const { sha256 } = await getJson<{ sha256: string }>(world, '/v1/packages/acme/pdf-tools/1.0.0');
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  const preview = await getJson<{ files: { path: string }[] }>(world, '/v1/packages/acme/pdf-tools/1.0.0/preview');
  expect(preview.files.map(({ path }) => path)).toEqual(paths);
});

test('an upload of just the files, in any order and with folders, is served byte for byte', async () => {
  const { world, key } = await worldWithKey();
  const archive = tarOf({ name: 'docs/', type: '5' }, { name: 'docs/b.txt', data: 'b' }, SKILL);
  expect((await upload(world, key, archive)).status).toBe(202);
  await world.drain();
  expect(await served(world)).toEqual(new Uint8Array(archive));
  const { sha256 } = await getJson<{ sha256: string }>(world, '/v1/packages/acme/pdf-tools/1.0.0');
  expect(sha256).toBe(createHash('sha256').update(archive).digest('hex'));
});

test('a body without Content-Length is taken as it streams', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const request = streamed('/v1/publish', headers, await tarGz());
  expect(request.headers.has('content-length')).toBe(false);
  expect((await world.fetch(request)).status).toBe(202);
});

test('a right Content-Digest is accepted, and other algorithms are passed over', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const archive = await tarGz();
  const digest = createHash('sha256').update(archive).digest('base64');
  for (const [index, value] of [
    `sha-256=:${digest}:`,
    `sha-512=:AAAA:, sha-256=:${digest}:`,
    'sha-512=:AAAA:',
    'unixsum=:AAAA:',
  ].entries()) {
    const body = await tarGz({ version: '1.0.0' });
    expect(body).toEqual(archive);
    const response = await world.fetch('/v1/publish', {
      method: 'POST',
      headers: { ...headers, 'content-digest': value },
      body,
    });
    expect(response.status, value).toBe(index === 0 ? 202 : 409);
  }
});

test('a version comes from the query when the bundle has none', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  expect(await publish(world, key, { version: null }, '?version=2.1.0')).toMatchObject({ status: 'pass' });
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/latest')).toMatchObject({ version: '2.1.0' });
});

test('a manifest is believed about namespace, version and category, and its sha256 is never compared', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const manifest = { namespace: 'acme', name: 'pdf-tools', version: '3.0.0', category: 'documents' };
  const body = JSON.stringify({ ...manifest, sha256: '0'.repeat(64), cert_chain_pem: [] });
  const { status } = await publish(world, key, { version: null, files: { 'manifest.json': body } });
  expect(status).toBe('pass');
  const metadata = await getJson<{ sha256: string }>(world, '/v1/packages/acme/pdf-tools/3.0.0');
  expect(metadata).toMatchObject({ namespace: 'acme', version: '3.0.0', category: 'documents', cert_chain_pem: [] });
  expect(metadata.sha256).not.toBe('0'.repeat(64));
});

test('an operator publishes for the namespace that the query names', async () => {
  const world = await createWorld();
  await newNamespace(world);
  expect((await upload(world, OPERATOR_KEY, await tarGz(), '?namespace=acme')).status).toBe(202);
  expect(await problemOf(await upload(world, OPERATOR_KEY, await tarGz()))).toMatchObject({
    status: 400,
    code: 'invalid_request',
  });
  expect(await problemOf(await upload(world, OPERATOR_KEY, await tarGz(), '?namespace=ghost'))).toMatchObject({
    status: 404,
    code: 'not_found',
  });
});

test('of two uploads of one number at the same time, one is accepted', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const bodies = await Promise.all([tarGz({ body: 'one\n' }), tarGz({ body: 'two\n' })]);
  const answers = await Promise.all(bodies.map((body) => upload(world, key, body)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  await world.drain();
  const { rows } = await world.client.execute('SELECT state FROM versions');
  expect(rows.map(({ state }) => state)).toEqual(['published']);
});

test('?visibility=private makes a new skill private', async () => {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  expect((await publish(world, key, {}, '?visibility=private')).status).toBe('pass');
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(404);
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/1.0.0', headers)).toMatchObject({ visibility: 'private' });
});

test('after a refused first upload the next one still decides about visibility', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  expect((await publish(world, key, { description: 'Too short.' })).status).toBe('fail');
  expect((await publish(world, key, {}, '?visibility=private')).status).toBe('pass');
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(404);
});

test('a later upload changes nothing about visibility, and is told so when it asks', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key, {}, '?visibility=private');
  const refused = await upload(world, key, await tarGz({ version: '1.1.0' }), '?visibility=public');
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({
    code: 'state_conflict',
    detail: '@acme/pdf-tools is private already.',
    fix: expect.stringContaining('PUT /v1/packages/acme/pdf-tools/visibility'),
  });
  await publish(world, key, { version: '1.1.0' }, '?visibility=private');
  await publish(world, key, { version: '1.2.0' });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/latest')).status).toBe(404);
});

test('a private upload that meets a public one on its way is refused, not published', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const { bundles } = world.deps;
  const put = bundles.put.bind(bundles);
  let meet = async () => {
    meet = async () => undefined;
    expect((await upload(world, key, await tarGz({ version: '1.0.0' }))).status).toBe(202);
  };
  world.deps.bundles = {
    ...bundles,
    async put(path, bytes) {
      await meet();
      await put(path, bytes);
    },
  };
  const refused = await upload(world, key, await tarGz({ version: '2.0.0' }), '?visibility=private');
  expect(await problemOf(refused)).toMatchObject({ status: 409, code: 'state_conflict' });
  await world.drain();
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
  expect((await world.fetch('/v1/packages/acme/pdf-tools/2.0.0')).status).toBe(404);
});

test('the Content-Digest of a form is that of the whole form', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const form = new Response(formOf(await tarGz()));
  const body = new Uint8Array(await form.arrayBuffer());
  const digest = createHash('sha256').update(body).digest('base64');
  const accepted = await world.fetch('/v1/publish', {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': form.headers.get('content-type') ?? '',
      'content-digest': `sha-256=:${digest}:`,
    },
    body,
  });
  expect(accepted.status).toBe(202);
});

function formOf(bytes: Uint8Array): FormData {
  const form = new FormData();
  form.append('bundle', new Blob([bytes]), 'pdf-tools-1.0.0.skill');
  return form;
}
