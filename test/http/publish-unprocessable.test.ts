import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { SKILL_MD, tarGz as tarOf, utf8, zip as zipOf } from '../support/archives.ts';
import { NO_TRACES, problemOf, type SkillOptions, tarGz, traces, upload, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

const post = (world: World, headers: Record<string, string>, body: BodyInit, query = '') =>
  world.fetch(`/v1/publish${query}`, { method: 'POST', headers, body });

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

test.each([
  ['the bundle', { version: '1.0.0+a' }, ''],
  ['the request', { version: null }, '?version=1.0.0%2Ba'],
])('422 for build metadata in the version of %s', async (_, options, query) => {
  const { world, key } = await worldWithKey();
  expect(await problemOf(await upload(world, key, await tarGz(options), query))).toMatchObject({
    status: 422,
    code: 'invalid_version',
    detail: 'Build metadata (+a) is not kept apart: use another version.',
  });
  expect(await traces(world)).toEqual(NO_TRACES);
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
