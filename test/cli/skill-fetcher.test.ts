import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import type { CachedVersion } from '../../cli/cache/cached-version.ts';
import { rsaSigner } from '../../src/adapters/signer-rsa.ts';
import { pgpSign, pgpSigner, register, unarmored } from '../support/openpgp.ts';
import { newRegistryKey } from '../support/registry-keys.ts';
import { bearer, newNamespace, postJson, publish, tarGz } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';
import { type FetcherHome, fetcherHome } from './fetcher.ts';
import { tree } from './files.ts';

const EXACT = '@acme/pdf-tools@1.0.0';
const PACKAGE = '/v1/packages/acme/pdf-tools';
const ARCHIVE = '/v1/download/acme/pdf-tools/1.0.0';

let world: World;
let acme: { key: string; headers: { authorization: string } };
let home: FetcherHome;

beforeEach(async () => {
  world = await createWorld();
  acme = await newNamespace(world);
  await publish(world, acme.key);
  home = await fetcherHome(world);
  await home.fetch(EXACT);
  home.sent.length = 0;
  home.notes.length = 0;
});

/** Files of the cache: archives and what is known of versions. */
async function cached(): Promise<{ archives: string[]; versions: string[] }> {
  const root = join(home.home, '.skills/.cache');
  const files = (await tree(root)).map((path) => join(root, path));
  return {
    archives: files.filter((path) => /\/sha256\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(path)),
    versions: files.filter((path) => path.endsWith('.json')),
  };
}

async function edit(change: (kept: CachedVersion) => CachedVersion): Promise<void> {
  const [path = ''] = (await cached()).versions;
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
}

function withMetadata(kept: CachedVersion, change: Partial<CachedVersion['metadata']>): CachedVersion {
  return { ...kept, metadata: { ...kept.metadata, ...change } };
}

function withLog(kept: CachedVersion, field: 'leaf' | 'checkpoint', before: string, after: string): CachedVersion {
  const { log } = kept;
  if (!log?.[field].includes(before)) throw new Error(`the ${field} does not hold ${before}`);
  return { ...kept, log: { ...log, [field]: log[field].replace(before, after) } };
}

describe('an exact version that was fetched before', () => {
  it('comes out of the cache without a request, checked', async () => {
    const again = await home.fetch(EXACT);
    expect(home.sent).toEqual([]);
    expect(again.metadata).toMatchObject({ namespace: 'acme', name: 'pdf-tools', version: '1.0.0' });
    expect(again.bundle.files.map(({ path }) => path)).toEqual(['SKILL.md']);
    expect(again.evidence.log).toMatchObject({ position: expect.any(Number) });
    expect(home.notes).toEqual([]);
  });

  it('lies in the cache under its digest, for its owner alone', async () => {
    const { archives, versions } = await cached();
    const { metadata } = await home.fetch(EXACT);
    expect(archives).toEqual([join(home.home, '.skills/.cache/sha256', metadata.sha256.slice(0, 2), metadata.sha256)]);
    const modes = await Promise.all([...archives, ...versions].map(async (path) => (await stat(path)).mode & 0o777));
    expect(modes).toEqual([0o600, 0o600]);
    expect(versions.map((path) => path.replace(/.*\/versions\/[^/]+/, ''))).toEqual(['/acme/pdf-tools/1.0.0.json']);
  });

  it('is asked for by tag or range, but its bytes are not sent again', async () => {
    for (const ref of ['@acme/pdf-tools', '@acme/pdf-tools@^1']) {
      home.sent.length = 0;
      await home.fetch(ref);
      expect(home.sent).toContain(`${PACKAGE}/${ref.endsWith('^1') ? '%5E1' : 'latest'}`);
      expect(home.sent).not.toContain(ARCHIVE);
    }
  });

  it('of another registry is asked for there', async () => {
    await home.fetch(EXACT, { registry: 'http://other.test' });
    expect(home.sent).toContain(`${PACKAGE}/1.0.0`);
    expect((await cached()).versions).toHaveLength(2);
  });

  it('is still installed when it was yanked since', async () => {
    await world.fetch(`${PACKAGE}/1.0.0/yank`, { method: 'POST', headers: acme.headers });
    await home.fetch(EXACT);
    await expect(home.fetch('@acme/pdf-tools')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what is damaged in the cache', () => {
  it('an archive: dropped with a note, and fetched again', async () => {
    const [path = ''] = (await cached()).archives;
    const bytes = await readFile(path);
    await writeFile(path, bytes.with(100, (bytes[100] ?? 0) ^ 1));
    await home.fetch(EXACT);
    expect(home.notes).toEqual([`note: ${path} was damaged, and is dropped from the cache.`]);
    expect(home.sent).toContain(ARCHIVE);
    expect(await readFile(path)).toEqual(bytes);
  });

  it('an archive that is gone is fetched again', async () => {
    const [path = ''] = (await cached()).archives;
    await rm(path);
    await home.fetch(EXACT);
    expect(home.sent).toContain(ARCHIVE);
    expect(home.notes).toEqual([]);
  });

  it('what is no record: dropped with a note, and asked for again', async () => {
    const [path = ''] = (await cached()).versions;
    await writeFile(path, '{"registry":');
    await home.fetch(EXACT);
    expect(home.notes).toEqual([`note: ${path} was damaged, and is dropped from the cache.`]);
    expect(home.sent).toContain(`${PACKAGE}/1.0.0`);
  });

  it.each<[string, string, (kept: CachedVersion) => CachedVersion]>([
    ['the signature', 'bad_signature', (kept) => ({ ...kept, signature: Buffer.alloc(512).toString('base64') })],
    ['the key', 'not_trusted', (kept) => withMetadata(kept, { key_id: 'other' })],
    ['the tree digest', 'not_what_was_asked', (kept) => withMetadata(kept, { tree_digest: '0'.repeat(64) })],
    ['the leaf of the log', 'forged_log', (kept) => withLog(kept, 'leaf', 'pdf-tools', 'pdf-tolls')],
    ['the checkpoint', 'forged_log', (kept) => withLog(kept, 'checkpoint', '\n2\n', '\n3\n')],
    ['no proof', 'not_trusted', ({ log: _, ...kept }) => kept],
  ])('%s: refused offline as %s, else asked for again', async (_what, code, change) => {
    await edit(change);
    await expect(home.fetch(EXACT, { offline: true })).rejects.toMatchObject({ code });
    await home.fetch(EXACT);
    expect(home.sent).toContain(`${PACKAGE}/1.0.0`);
    home.sent.length = 0;
    await home.fetch(EXACT, { offline: true });
    expect(home.sent).toEqual([]);
  });

  it("another skill's record in its place: dropped", async () => {
    await publish(world, acme.key, { name: 'csv-summary' });
    await home.fetch('@acme/csv-summary');
    const { versions } = await cached();
    const [csv = '', pdf = ''] = versions;
    await writeFile(pdf, await readFile(csv));
    home.notes.length = 0;
    const { metadata } = await home.fetch(EXACT);
    expect(metadata.name).toBe('pdf-tools');
    expect(home.notes).toEqual([`note: ${pdf} was damaged, and is dropped from the cache.`]);
  });

  it("another skill's archive and digest under this name: the log does not vouch for it", async () => {
    await publish(world, acme.key, { version: '1.1.0', body: 'other' });
    await home.fetch('@acme/pdf-tools@1.1.0');
    const [, other = ''] = (await cached()).versions;
    const { metadata, signature }: CachedVersion = JSON.parse(await readFile(other, 'utf8'));
    await edit((kept) => ({ ...kept, signature, metadata: { ...metadata, version: '1.0.0' } }));
    await expect(home.fetch(EXACT, { offline: true })).rejects.toMatchObject({ code: 'substitution' });
  });
});

describe('without the network', () => {
  it('the newest version in the cache is the latest, and ranges choose among these', async () => {
    await publish(world, acme.key, { version: '1.1.0' });
    await publish(world, acme.key, { version: '2.0.0-rc.1' });
    await publish(world, acme.key, { version: '3.0.0' });
    for (const version of ['1.1.0', '2.0.0-rc.1']) await home.fetch(`@acme/pdf-tools@${version}`);
    home.sent.length = 0;
    const version = async (ref: string) => (await home.fetch(ref, { offline: true })).metadata.version;
    expect(await version('@acme/pdf-tools')).toBe('1.1.0');
    expect(await version('@acme/pdf-tools@~1.0')).toBe('1.0.0');
    expect(await version('@acme/pdf-tools@2.0.0-rc.1')).toBe('2.0.0-rc.1');
    expect(home.sent).toEqual([]);
  });

  it.each([
    ['@acme/pdf-tools@2.0.0', 'not_cached', 'It has 1.0.0.'],
    ['@acme/pdf-tools@^2', 'not_cached', 'It has 1.0.0.'],
    ['@acme/pdf-tools@stable', 'not_cached', 'It has 1.0.0.'],
    ['@acme/nothing', 'not_cached', '@acme/nothing@latest'],
  ])('%s: %s', async (ref, code, message) => {
    await expect(home.fetch(ref, { offline: true })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(home.sent).toEqual([]);
  });

  it('nothing is trusted whose key was not kept', async () => {
    await rm(join(home.home, '.skills/config.json'));
    await expect(home.fetch(EXACT, { offline: true })).rejects.toMatchObject({ code: 'not_trusted' });
  });

  it('nothing is taken that a revoked key signed, once the registry has said so', async () => {
    const { metadata } = await home.fetch(EXACT);
    world.deps.signer = rsaSigner(newRegistryKey().privatePem, [inject('registryKey')]);
    const path = `/v1/admin/registry-keys/${metadata.key_id}/revoke`;
    expect((await postJson(world, path, { reason: 'It was stolen.' }, bearer(OPERATOR_KEY))).status).toBe(200);
    await home.fetch(EXACT, { offline: true });
    await expect(home.fetch('@acme/pdf-tools')).rejects.toMatchObject({ code: 'revoked_key' });
    await expect(home.fetch(EXACT, { offline: true })).rejects.toMatchObject({ code: 'revoked_key' });
  });
});

describe("a publisher's signature", () => {
  it('is checked again, against the keys that were kept of the publisher', async () => {
    const ada = await pgpSigner();
    await register(world, acme.headers, ada.publicKey);
    const archive = await tarGz({ version: '1.1.0' });
    const signature = Buffer.from(await unarmored(await pgpSign(ada, archive))).toString('base64');
    const headers = { ...acme.headers, 'x-publisher-signature': signature };
    expect((await world.fetch('/v1/publish', { method: 'POST', headers, body: archive })).status).toBe(202);
    await world.drain();
    const ref = '@acme/pdf-tools@1.1.0';
    await home.fetch(ref);
    home.sent.length = 0;
    const { evidence } = await home.fetch(ref, { offline: true });
    expect(evidence.publisher).toMatchObject({ keys: [{ fingerprint: ada.fingerprint }] });
    expect(home.sent).toEqual([]);
    const config = join(home.home, '.skills/config.json');
    await writeFile(config, (await readFile(config, 'utf8')).replace(ada.fingerprint, '0'.repeat(40)));
    await expect(home.fetch(ref, { offline: true })).rejects.toMatchObject({ code: 'publisher_changed' });
    await home.fetch(ref, { offline: true, trustPublishers: [ada.fingerprint] });
  });
});

describe('a disk that does not play along', () => {
  it('full: fetched all the same, with one note', async () => {
    await publish(world, acme.key, { version: '1.1.0' });
    const write = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    const { metadata } = await home.fetch('@acme/pdf-tools@1.1.0', { write });
    expect(metadata.version).toBe('1.1.0');
    const folder = join(home.home, '.skills/.cache');
    expect(home.notes).toEqual([
      `note: the cache in ${folder} cannot be used (the disk is full); going on without it.`,
    ]);
    expect((await cached()).archives).toHaveLength(1);
  });

  it('a file where the folder should be: the same', async () => {
    const folder = join(home.home, '.skills/.cache');
    await rm(folder, { recursive: true });
    await writeFile(folder, '');
    expect((await home.fetch(EXACT)).metadata.version).toBe('1.0.0');
    expect(home.notes).toEqual([`note: the cache in ${folder} cannot be used (ENOTDIR); going on without it.`]);
  });
});

it('many at once leave whole files only', async () => {
  await rm(join(home.home, '.skills/.cache'), { recursive: true });
  await Promise.all(
    Array.from({ length: 8 }, () => home.open().fetch({ namespace: 'acme', name: 'pdf-tools', range: '1.0.0' })),
  );
  const { archives, versions } = await cached();
  expect([archives.length, versions.length]).toEqual([1, 1]);
  expect(await readdir(join(archives[0] ?? '', '..'))).toHaveLength(1);
  home.sent.length = 0;
  await home.fetch(EXACT, { offline: true });
});
