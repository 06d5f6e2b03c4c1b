import { unzipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { refusalOf, sha256Of } from '../support/clawhub.ts';
import { type Catalogue, clawhubCatalogue, FILES, START } from '../support/clawhub-catalogue.ts';
import { newNamespace, skill, upload, zip } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let get: Catalogue['get'];
let refused: Catalogue['refused'];

beforeAll(async () => {
  ({ world, get, refused } = await clawhubCatalogue());
});

test('versions, newest first, a page at a time', async () => {
  const item = (version: string, createdAt: number) => ({ version, createdAt, changelog: '', changelogSource: null });
  expect(await get('/skills/pdf-tools/versions')).toEqual({
    items: [item('1.1.0', START + 1000), item('1.0.0', START)],
    nextCursor: null,
  });
  expect(await get('/skills/pdf-tools/versions?limit=1')).toMatchObject({ nextCursor: '1.1.0' });
  expect(await get('/skills/pdf-tools/versions?limit=1&cursor=1.1.0')).toEqual({
    items: [item('1.0.0', START)],
    nextCursor: null,
  });
});

const fileRow = ({ path, bytes }: { path: string; bytes: Uint8Array }) => ({
  path,
  size: bytes.length,
  sha256: sha256Of(bytes),
  contentType: null,
});

test('a version with its files; a licence that clients refuse is not named', async () => {
  expect(await get('/skills/pdf-tools/versions/1.0.0')).toEqual({
    version: {
      version: '1.0.0',
      createdAt: START,
      changelog: '',
      changelogSource: null,
      license: null,
      files: skill({ files: FILES, frontmatter: 'license: MIT\n' }).files.map(fileRow),
      security: { status: 'clean', hasWarnings: expect.any(Boolean), checkedAt: START },
    },
    skill: { slug: 'pdf-tools', displayName: 'pdf-tools' },
  });
});

test.each([
  '/skills/pdf-tools/versions/9.9.9',
  '/skills/pdf-tools/file?path=SKILL.md&version=9.9.9',
  '/skills/pdf-tools/file?path=SKILL.md&tag=beta',
  '/skills/pdf-tools/verify?version=9.9.9',
  '/download?slug=pdf-tools&version=9.9.9',
  '/download?slug=pdf-tools&tag=beta',
])('a version that there is not: GET %s', async (path) => {
  expect(await refused(path)).toEqual({ status: 404, text: 'Version not found' });
});

test('a version beside a tag is refused, and so is a hash that is none', async () => {
  expect(await refused('/download?slug=pdf-tools&version=1.0.0&tag=latest')).toEqual({
    status: 400,
    text: 'Both a version and a tag are given. Give one of them.',
  });
  expect(await refused('/resolve?slug=pdf-tools&hash=abc')).toEqual({
    status: 400,
    text: 'Invalid query: hash: 64 hex digits',
  });
  expect((await refused('/download')).status).toBe(400);
  expect((await refused('/skills/pdf-tools/file')).status).toBe(400);
});

test.each(['SKILL.md', 'skill.MD', 'SKILL.md&tag=latest', 'SKILL.md&version=1.1.0'])('one file: %s', async (query) => {
  const response = await world.fetch(`/api/v1/skills/pdf-tools/file?path=${query}`);
  const [expected] = skill({ version: '1.1.0', files: FILES, frontmatter: 'license: MIT-0\n' }).files.filter(
    ({ path }) => path === 'SKILL.md',
  );
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(Buffer.from(bytes)).toEqual(Buffer.from(expected?.bytes ?? []));
  const sha256 = sha256Of(bytes);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': "attachment; filename*=UTF-8''SKILL.md",
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-sha256': sha256,
    'x-content-size': String(bytes.length),
    'x-content-type-options': 'nosniff',
    etag: `"${sha256}"`,
    'access-control-allow-origin': '*',
  });
});

test('a file that the version does not have', async () => {
  expect(await refused('/skills/pdf-tools/file?path=../SKILL.md')).toEqual({ status: 404, text: 'File not found' });
});

test.each(['', '&version=1.1.0', '&tag=latest', '&version=1.1.0&ownerHandle=acme'])(
  'the zip has the files at its root, and nothing else: %s',
  async (query) => {
    const response = await world.fetch(`/api/v1/download?slug=pdf-tools${query}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="pdf-tools-1.1.0.zip"');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(response.headers.get('etag')).toBe(`"${sha256Of(bytes)}"`);
    expect(Object.keys(unzipSync(bytes)).sort()).toEqual(['README.md', 'SKILL.md', 'scripts/run.sh']);
    const canonical = await zip({ version: '1.1.0', files: FILES, frontmatter: 'license: MIT-0\n' });
    expect(sha256Of(bytes)).toBe(sha256Of(canonical));
  },
);

test('where to install from, for clients that do not build the address themselves', async () => {
  expect(await get('/skills/umbrella.pdf-tools/install?forceInstall=1')).toEqual({
    ok: true,
    slug: 'umbrella.pdf-tools',
    installKind: 'archive',
    archive: {
      version: '1.0.0',
      downloadUrl: 'http://hub.test/api/v1/download?slug=pdf-tools&version=1.0.0&ownerHandle=umbrella',
    },
  });
  expect((await world.fetch('/api/v1/download?slug=pdf-tools&version=1.0.0&ownerHandle=umbrella')).status).toBe(200);
});

test('an upload that waits to be vetted is not there yet', async () => {
  const fresh = await createWorld();
  const { key } = await newNamespace(fresh);
  await upload(fresh, key, await zip());
  expect(await refusalOf(await fresh.fetch('/api/v1/skills/pdf-tools'))).toEqual({
    status: 404,
    text: 'Skill not found',
  });
  await fresh.drain();
  expect((await fresh.fetch('/api/v1/skills/pdf-tools')).status).toBe(200);
});
