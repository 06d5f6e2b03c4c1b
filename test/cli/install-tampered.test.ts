import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeTarGz } from '../../src/format/archive.ts';
import { sha256Hex } from '../../src/format/digest.ts';
import { newNamespace, publish, skill } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree, writeFiles } from './files.ts';
import { hubSession, type Tamper } from './hub.ts';

let world: World;
let key: string;

beforeEach(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world, 'acme'));
  await publish(world, key, { version: '2.0.0' });
});

/** Replaces the answer to one path, as JSON. */
function patch(path: string, change: Record<string, unknown>): Tamper {
  return async (asked, response) =>
    asked === path ? Response.json({ ...(await response.json<object>()), ...change }) : response;
}

const replace =
  (path: string, make: (bytes: Uint8Array) => Uint8Array): Tamper =>
  async (asked, response) =>
    asked === path ? new Response(make(new Uint8Array(await response.arrayBuffer()))) : response;

const PACKAGE = '/v1/packages/acme/pdf-tools/2.0.0';
const ARCHIVE = '/v1/download/acme/pdf-tools/2.0.0';
const flip = (at: number) => (bytes: Uint8Array) => bytes.with(at, (bytes.at(at) ?? 0) ^ 1);
const other = await writeTarGz(skill({ version: '2.0.0', body: 'something else' }));
const otherSha256 = await sha256Hex(other);

describe('what somebody changed on the way', () => {
  it.each<[string, string, Tamper]>([
    ['a bit of the archive', 'digest_mismatch', replace(ARCHIVE, flip(100))],
    ['the whole archive', 'digest_mismatch', replace(ARCHIVE, () => other)],
    [
      'archive and digest',
      'bad_signature',
      async (path, response) =>
        patch(PACKAGE, { sha256: otherSha256 })(path, await replace(ARCHIVE, () => other)(path, response)),
    ],
    ['a bit of the signature', 'bad_signature', replace(`${ARCHIVE}/sig`, flip(5))],
    ['the length of the signature', 'bad_signature', replace(`${ARCHIVE}/sig`, (bytes) => bytes.slice(1))],
    ['an empty signature', 'bad_signature', replace(`${ARCHIVE}/sig`, () => new Uint8Array())],
    ['the digest in the metadata', 'digest_mismatch', patch(PACKAGE, { sha256: '0'.repeat(64) })],
    ['the tree digest', 'not_what_was_asked', patch(PACKAGE, { tree_digest: '0'.repeat(64) })],
    ['the name', 'not_what_was_asked', patch(PACKAGE, { name: 'pdf-tool' })],
    ['the namespace', 'not_what_was_asked', patch(PACKAGE, { namespace: 'evil' })],
    ['the key id', 'unknown_key', patch(PACKAGE, { key_id: 'constructor' })],
    ['the shape', 'unexpected_answer', patch(PACKAGE, { sha256: '../../evil' })],
    ['the keys', 'unknown_key', patch('/v1/keys/registry', { keys: [] })],
  ])('%s: refused, with nothing on disk', async (_what, errorCode, tamper) => {
    const session = await hubSession({ world, tamper });
    const { code, document } = await session.json('install', '@acme/pdf-tools@2.0.0');
    expect([code, document]).toEqual([
      1,
      { error: { code: errorCode, message: expect.stringMatching(/.+/), fix: expect.stringMatching(/.+/) } },
    ]);
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('a signed archive of another skill: refused by the name inside', async () => {
    await publish(world, key, { name: 'csv-summary' });
    const inside = '/v1/packages/acme/csv-summary/1.0.0';
    const swap: Tamper = async (path, response) => {
      if (path === PACKAGE)
        return Response.json({
          ...(await (await world.fetch(inside)).json<object>()),
          name: 'pdf-tools',
          version: '2.0.0',
        });
      if (path.startsWith(ARCHIVE)) return world.fetch(path.replace('pdf-tools/2.0.0', 'csv-summary/1.0.0'));
      return response;
    };
    const swapped = await hubSession({ world, tamper: swap });
    const { code, stderr } = await swapped.run('install', '@acme/pdf-tools@2.0.0');
    expect([code, stderr]).toEqual([1, expect.stringContaining("its SKILL.md names it 'csv-summary'")]);
    expect(await tree(swapped.cwd)).toEqual([]);
  });

  /** An old version is signed and logged like the newest: only its number tells. */
  it.each([
    ['the version', 'install', '2.0.0'],
    ['the range', 'install', '^2.0.0'],
    ['the version', 'use', '2.0.0'],
    ['the range', 'use', '^2.0.0'],
  ])('a version that is not %s that %s asked for: refused', async (_what, command, range) => {
    await publish(world, key, { version: '1.0.0' });
    const asked = `/v1/packages/acme/pdf-tools/${range}`;
    const old: Tamper = async (path, response) =>
      decodeURIComponent(path) === asked ? world.fetch('/v1/packages/acme/pdf-tools/1.0.0') : response;
    const session = await hubSession({ world, tamper: old });
    const { code, stderr } = await session.run(command, `@acme/pdf-tools@${range}`);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        `@acme/pdf-tools@${range} is not what was asked for: the registry answers with @acme/pdf-tools@1.0.0.`,
      ),
    ]);
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('the key under a known id: refused until the user says so', async () => {
    const session = await hubSession({ world });
    await session.run('install', 'pdf-tools');
    const path = join(session.home, '.skills/config.json');
    const text = await readFile(path, 'utf8');
    await writeFiles(session.home, {
      '.skills/config.json': text.replace('BEGIN PUBLIC KEY-----\\nM', 'BEGIN PUBLIC KEY-----\\nN'),
    });
    const { code, document } = await session.json('install', 'pdf-tools');
    expect([code, document]).toMatchObject([
      1,
      { error: { code: 'key_changed', fix: expect.stringContaining('~/.skills/config.json') } },
    ]);
  });
});
