import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { versionSortKey } from '../../src/core/catalog/version-order.ts';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import { bearer, getJson, newNamespace, postJson, problemOf, publish, tarGz, zip } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const metadata = (world: World, version: string, headers?: Record<string, string>) =>
  getJson<PackageBody>(world, `/v1/packages/acme/pdf-tools/${encodeURIComponent(version)}`, headers);

async function worldWith(...versions: string[]) {
  const world = await createWorld();
  const acme = await newNamespace(world);
  for (const version of versions) {
    await publish(world, acme.key, { version });
    world.advance(1_000);
  }
  return { world, ...acme };
}

/** One world for all tests that only read. */
let shared: ReturnType<typeof worldWith> | undefined;
function many() {
  shared ??= worldWith('1.0.0', '2.1.0', '1.10.0', '2.2.0-rc.1', '1.2.0');
  return shared;
}

test('the metadata of a version says all that its files say, and the digests of its archives', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const options = {
    version: null,
    frontmatter: 'license: MIT\ncompatibility: Any agent with a shell.\n',
    files: {
      'manifest.json': JSON.stringify({ name: 'pdf-tools', version: '1.2.3', category: 'documents' }),
      'skill.yaml':
        'name: pdf-tools\nversion: 1.2.3\ndescription: Reads, fills and merges PDF files for an agent.\nauthor: Jane\nkeywords: [pdf, forms]\n',
    },
  };
  await publish(world, key, options);
  const [tar, zipped] = await Promise.all([tarGz(options), zip(options)]);
  const { keys } = await getJson<{ keys: { kid: string }[] }>(world, '/v1/keys/registry');
  expect(await metadata(world, '1.2.3')).toEqual({
    namespace: 'acme',
    name: 'pdf-tools',
    version: '1.2.3',
    slug: 'pdf-tools',
    published_as: { namespace: 'acme', name: 'pdf-tools' },
    description: 'Reads, fills and merges PDF files for an agent.',
    category: 'documents',
    license: 'MIT',
    author: 'Jane',
    compatibility: 'Any agent with a shell.',
    keywords: ['pdf', 'forms'],
    frameworks: [],
    dependencies: [],
    visibility: 'public',
    published_at: '2026-01-01T00:00:00.000Z',
    sha256: sha256(tar),
    size: tar.length,
    artifacts: {
      'tar.gz': { sha256: sha256(tar), size: tar.length },
      zip: { sha256: sha256(zipped), size: zipped.length },
    },
    tree_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    key_id: keys[0]?.kid,
    verdict: 'clean',
    verification: 'self_signed',
    publisher_signature: null,
    publisher_sig_hex: null,
    cert_chain_pem: [],
  });
});

test('what a skill does not say is null', async () => {
  const { world } = await worldWith('1.0.0');
  expect(await metadata(world, '1.0.0')).toMatchObject({
    category: null,
    license: null,
    author: null,
    compatibility: null,
    keywords: [],
  });
});

test.each([
  ['latest', '2.1.0'],
  ['1.0.0', '1.0.0'],
  ['1.10.0', '1.10.0'],
  ['2.2.0-rc.1', '2.2.0-rc.1'],
  ['^1.0.0', '1.10.0'],
  ['^1', '1.10.0'],
  ['~1.2', '1.2.0'],
  ['1.x', '1.10.0'],
  ['1', '1.10.0'],
  ['*', '2.1.0'],
  ['>=1.0.0 <2.0.0', '1.10.0'],
  ['1.0.0 || 1.2.0', '1.2.0'],
  ['<1.2.0', '1.0.0'],
  ['v1.0.0', '1.0.0'],
  ['^2.2.0-0', '2.2.0-rc.1'],
  ['>=2.1.0', '2.1.0'],
])('%s names %s', async (wanted, version) => {
  const { world } = await many();
  expect((await metadata(world, wanted)).version).toBe(version);
});

test('while there is no release, latest is the newest prerelease, and only ranges that name one find it', async () => {
  const { world } = await worldWith('1.0.0-alpha.2', '1.0.0-alpha.10', '1.0.0-alpha.beta');
  expect((await metadata(world, 'latest')).version).toBe('1.0.0-alpha.beta');
  expect((await metadata(world, '^1.0.0-alpha.1')).version).toBe('1.0.0-alpha.beta');
  expect(await problemOf(await world.fetch('/v1/packages/acme/pdf-tools/%5E1'))).toMatchObject({
    status: 404,
    detail: "No version of @acme/pdf-tools satisfies '^1'.",
  });
});

test.each([
  ['acme/pdf-tools/9.9.9', '@acme/pdf-tools has no version 9.9.9.'],
  ['acme/pdf-tools/%5E9', "No version of @acme/pdf-tools satisfies '^9'."],
  ['acme/pdf-tools/newest', "@acme/pdf-tools has no version tagged 'newest'."],
  ['acme/ghost/1.0.0', 'There is no skill @acme/ghost.'],
  ['ghost/pdf-tools/latest', 'There is no skill @ghost/pdf-tools.'],
])('%s is not found', async (path, detail) => {
  const { world } = await many();
  for (const url of [`/v1/packages/${path}`, `/v1/packages/${path}/preview`, `/v1/download/${path}`]) {
    const response = await world.fetch(url);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await problemOf(response), url).toMatchObject({ status: 404, code: 'not_found', detail });
  }
});

test.each([
  'acme/pdf-tools/Newest',
  'acme/pdf-tools/1.0.0.0',
  `acme/pdf-tools/${'1'.repeat(129)}`,
  'acme/PDF-Tools/1.0.0',
  'acme/pdf--tools/1.0.0',
  'Acme/pdf-tools/1.0.0',
  'ac/pdf-tools/1.0.0',
  'acme/..%2Fpdf-tools/1.0.0',
  'acme/pdf%00tools/1.0.0',
])('%s cannot be anything', async (path) => {
  const { world } = await many();
  for (const url of [`/v1/packages/${path}`, `/v1/packages/${path}/preview`, `/v1/download/${path}/sig`]) {
    expect(await problemOf(await world.fetch(url)), url).toMatchObject({ status: 400, code: 'invalid_request' });
  }
});

test('versions are listed newest first by semver, whenever they were published', async () => {
  const { world } = await worldWith('1.0.0', '1.10.0', '2.0.0-rc.1', '1.2.0', '2.0.0-rc.10', '2.0.0', '2.0.0-rc.2');
  const { versions } = await getJson<{ versions: Record<string, unknown>[] }>(
    world,
    '/v1/packages/acme/pdf-tools/versions',
  );
  expect(versions.map(({ version }) => version)).toEqual([
    '2.0.0',
    '2.0.0-rc.10',
    '2.0.0-rc.2',
    '2.0.0-rc.1',
    '1.10.0',
    '1.2.0',
    '1.0.0',
  ]);
  expect(versions.at(-1)).toEqual({
    version: '1.0.0',
    sha256: (await metadata(world, '1.0.0')).sha256,
    tree_digest: (await metadata(world, '1.0.0')).tree_digest,
    published_at: '2026-01-01T00:00:00.000Z',
    yanked_at: null,
  });
});

test('yanked versions are listed to their own namespace and to operators', async () => {
  const { world, headers } = await worldWith('1.0.0', '1.1.0');
  const neighbour = await newNamespace(world, 'umbrella');
  await postJson(world, '/v1/packages/acme/pdf-tools/1.1.0/yank', {}, headers);
  const listed = async (as?: Record<string, string>) =>
    (
      await getJson<{ versions: { version: string; yanked_at: string | null }[] }>(
        world,
        '/v1/packages/acme/pdf-tools/versions',
        as,
      )
    ).versions.map(({ version, yanked_at }) => `${version} ${yanked_at}`);
  expect(await listed()).toEqual(['1.0.0 null']);
  expect(await listed(neighbour.headers)).toEqual(['1.0.0 null']);
  const all = ['1.1.0 2026-01-01T00:00:02.000Z', '1.0.0 null'];
  expect(await listed(headers)).toEqual(all);
  expect(await listed(bearer(OPERATOR_KEY))).toEqual(all);
});

interface Preview {
  files: { path: string; size: number }[];
  skill_md: string;
  truncated: boolean;
}

test('a preview lists the files and shows SKILL.md', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key, { files: { 'references/a.md': '# A\n', 'scripts/run.sh': 'true\n' } });
  const preview = await getJson<Preview>(world, '/v1/packages/acme/pdf-tools/latest/preview');
  expect(preview).toEqual({
    files: [
      { path: 'SKILL.md', size: new TextEncoder().encode(preview.skill_md).length },
      { path: 'references/a.md', size: 4 },
      { path: 'scripts/run.sh', size: 5 },
    ],
    skill_md: expect.stringMatching(/^---\nname: pdf-tools\n[\s\S]*# How to\n\nDo it well\.\n$/),
    truncated: false,
  });
});

test.each([0, 1, 2])('a long SKILL.md is cut at 16 KiB, between characters (%i bytes before them)', async (shift) => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key, { body: `${'x'.repeat(shift)}${'€'.repeat(6_000)}` });
  const { skill_md, truncated } = await getJson<Preview>(world, '/v1/packages/acme/pdf-tools/latest/preview');
  const bytes = new TextEncoder().encode(skill_md).length;
  expect(truncated).toBe(true);
  expect(bytes).toBeLessThanOrEqual(16_384);
  expect(bytes).toBeGreaterThan(16_384 - 3);
  expect(skill_md.endsWith('€')).toBe(true);
});

test('a list tells what is new in the newest fifty versions, by its beginning; the metadata of a version tells all', async () => {
  const { world } = await worldWith('1.0.0');
  const whole = '語'.repeat(20_000);
  await world.client.execute(`UPDATE versions SET changelog = '${whole}'`);
  for (let minor = 1; minor <= 50; minor++) await copyVersion(world, `1.${minor}.0`);
  const response = await world.fetch('/v1/packages/acme/pdf-tools/versions');
  const { versions } = await response.clone().json<{ versions: { version: string; changelog?: string }[] }>();
  expect(versions.slice(0, 50).map(({ changelog }) => changelog)).toEqual(Array(50).fill(`${'語'.repeat(999)}…`));
  expect(versions[50]).toMatchObject({ version: '1.0.0' });
  expect(versions[50]).not.toHaveProperty('changelog');
  expect((await response.arrayBuffer()).byteLength).toBeLessThan(256 * 1024);
  expect(await metadata(world, '1.0.0')).toMatchObject({ changelog: whole });
});

/** Gives the skill a version that is version 1.0.0 but for its number. */
async function copyVersion(world: World, version: string): Promise<void> {
  const { rows } = await world.client.execute("SELECT name FROM pragma_table_info('versions')");
  const columns = rows.map(({ name }) => String(name));
  const own: Record<string, string> = { id: version, version, sort_key: versionSortKey(version) };
  const values = columns.map((column) => (own[column] === undefined ? column : `'${own[column]}'`));
  await world.client.execute(
    `INSERT INTO versions (${columns.join()}) SELECT ${values.join()} FROM versions WHERE version = '1.0.0'`,
  );
}
