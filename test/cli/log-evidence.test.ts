import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/format/tlog/checkpoint.ts';
import { parseVerifierKey } from '../../src/format/tlog/verifier-key.ts';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import { appendFiller, storedLeaves } from '../support/log.ts';
import { publisher, selfSigned, signDigest, signedArchive } from '../support/publisher.ts';
import { upload } from '../support/skills.ts';
import { REGISTRY, type Tamper } from './hub.ts';
import { lyingProof, proofIn, signerOf } from './lying-log.ts';
import { publishedSession, splitView } from './tampered-session.ts';

const FILE = 'hub.test-2026-01-01T00-00-00.000Z.json';

let session: Awaited<ReturnType<typeof publishedSession>>;

beforeEach(async () => {
  session = await publishedSession();
});

const folder = () => join(session.home, '.skills/evidence');
const kept = async (name = FILE) => JSON.parse(await readFile(join(folder(), name), 'utf8'));
const sizeOf = (note: string) => Number(note.split('\n')[1]);

/** The log as it was with two entries, shown to somebody who has seen it with seven. */
async function rollBack(): Promise<Tamper> {
  const old = await proofIn(await storedLeaves(session.world), 1, {
    signer: signerOf(session.world),
    time: session.time(),
  });
  await appendFiller(session.world, 5);
  await session.world.sweep();
  expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
  return lyingProof(() => old);
}

/** Another log of two entries, shown to somebody who has seen the true one. */
async function split(second = 'second'): Promise<Tamper> {
  expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
  const [first = ''] = await storedLeaves(session.world);
  const other = [`${first} `, second];
  return lyingProof(() => proofIn(other, 1, { signer: signerOf(session.world), time: session.time(), from: 2 }));
}

describe('of a log that lies', () => {
  it.each<['rollback' | 'equivocation', () => Promise<Tamper>, number[]]>([
    ['rollback', rollBack, [7, 2]],
    ['equivocation', split, [2, 2]],
  ])('%s: both signed checkpoints are kept, for the user alone', async (code, lie, sizes) => {
    session.tamper = await lie();
    const { code: exit, document } = await session.json('verify');
    const { skills } = document as { skills: { problems: { code: string; message: string; fix: string }[] }[] };
    const [problem] = skills.flatMap(({ problems }) => problems);
    expect([exit, problem?.code]).toEqual([1, code]);
    const path = join(folder(), FILE);
    expect(problem?.fix).toBe(
      `Do not use what it serves. Tell its operator and others who use it: the proof, two signed checkpoints, is in ${path}.`,
    );
    expect([(await stat(path)).mode & 0o777, (await stat(folder())).mode & 0o777]).toEqual([0o600, 0o700]);
    const evidence = await kept();
    expect(evidence).toMatchObject({
      registry: REGISTRY,
      code,
      message: problem?.message,
      noticed_at: '2026-01-01T00:00:00.000Z',
    });
    const logKey = await parseVerifierKey(evidence.log_key);
    if (!logKey) throw new Error('the evidence has no key of the log');
    const { before, now } = evidence.checkpoints;
    const heads = [await openCheckpoint(before, logKey), await openCheckpoint(now, logKey)];
    expect(heads.map((head) => head?.size)).toEqual(sizes);
    expect(heads[0]?.root).not.toEqual(heads[1]?.root);
  });

  it('the same lie is kept once, another one beside it', async () => {
    session.tamper = await split();
    for (let round = 0; round < 2; round++) expect((await session.run('verify')).code).toBe(1);
    await session.emptyCache();
    expect((await session.run('install', '@acme/pdf-tools')).code).toBe(1);
    expect(await readdir(folder())).toEqual([FILE]);
    session.tamper = await split2();
    expect((await session.run('verify')).code).toBe(1);
    expect((await readdir(folder())).sort()).toEqual([FILE.replace('.json', '-2.json'), FILE].sort());
  });

  async function split2(): Promise<Tamper> {
    const [first = ''] = await storedLeaves(session.world);
    const other = [`${first}  `, 'third'];
    return lyingProof(() => proofIn(other, 1, { signer: signerOf(session.world), time: session.time(), from: 2 }));
  }

  it('what a crash left half written is passed over', async () => {
    session.tamper = await split();
    await mkdir(folder(), { recursive: true });
    await writeFile(join(folder(), FILE), '{"registry":');
    expect((await session.run('verify')).code).toBe(1);
    expect(await kept(FILE.replace('.json', '-2.json'))).toMatchObject({ code: 'equivocation' });
  });

  it('of two processes at once: what each of them saw', async () => {
    await session.run('install', '@acme/pdf-tools');
    const forked = await splitView(session);
    expect((await session.run('verify')).code).toBe(1);
    const { checkpoints } = await kept();
    expect([sizeOf(checkpoints.before), sizeOf(checkpoints.now)]).toEqual([3, 3]);
    expect(checkpoints.before).toBe(forked.checkpoint);
    expect(checkpoints.now).not.toBe(checkpoints.before);
  });

  it('a file in the place of the folder does not hide the lie', async () => {
    session.tamper = await split();
    await writeFile(folder(), '');
    const { code, stdout } = await session.run('verify');
    expect([code, stdout]).toEqual([1, expect.stringContaining('shows another log than before')]);
    expect(stdout).toContain('the proof could not be kept (EEXIST)');
  });

  it('other lies leave no evidence: nothing of them is signed twice', async () => {
    expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
    session.tamper = lyingProof((proof) => ({ ...proof, inclusion: [] }));
    expect((await session.run('verify')).code).toBe(1);
    await expect(readdir(folder())).rejects.toThrow('ENOENT');
  });
});

describe('a publisher whose signature the registry replaces', () => {
  const owner = publisher('evidence');
  const thief = publisher('thief');

  async function signed(): Promise<void> {
    const chain = [await selfSigned(owner, session.world.clock.now())];
    expect((await upload(session.world, session.key, signedArchive(owner, chain, { version: '2.0.0' }))).status).toBe(
      202,
    );
    await session.world.drain();
    expect((await session.run('install', '@acme/pdf-tools@2.0.0')).code).toBe(0);
  }

  const showing =
    (change: (shown: PackageBody) => object): Tamper =>
    async (path, response) => {
      if (!path.startsWith('/v1/packages/')) return response;
      const shown = await response.json<PackageBody>();
      return Response.json({ ...shown, ...change(shown) });
    };

  async function verdict() {
    const { code, document } = await session.json('verify');
    const { skills } = document as { skills: { problems: { code: string; message: string }[] }[] };
    const [problem] = skills.flatMap(({ problems }) => problems);
    return { code, problem: problem?.code, message: problem?.message };
  }

  it('by that of another key: refused, though it holds', async () => {
    await signed();
    const certificate = await selfSigned(thief, session.world.clock.now());
    session.tamper = showing(({ sha256 }) => ({
      publisher_sig_hex: signDigest(thief, sha256),
      cert_chain_pem: [certificate],
    }));
    expect(await verdict()).toEqual({
      code: 1,
      problem: 'substituted_signature',
      message: `${REGISTRY} shows a publisher's signature of @acme/pdf-tools@2.0.0 with the key ${thief.fingerprint}, but its log has the key ${owner.fingerprint}.`,
    });
  });

  it('by one of its own where there was none: refused', async () => {
    expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
    const certificate = await selfSigned(thief, session.world.clock.now());
    session.tamper = showing(({ sha256 }) => ({
      publisher_sig_hex: signDigest(thief, sha256),
      cert_chain_pem: [certificate],
    }));
    expect(await verdict()).toMatchObject({
      problem: 'substituted_signature',
      message: expect.stringContaining('its log says that its publisher did not sign it'),
    });
  });

  it('by a certificate that nobody can read: refused', async () => {
    await signed();
    session.tamper = showing(() => ({ cert_chain_pem: ['no certificate'] }));
    expect(await verdict()).toMatchObject({ code: 1, problem: 'substituted_signature' });
  });

  it('by nothing, with or without what belongs to it: refused', async () => {
    await signed();
    for (const change of [{ publisher_sig_hex: null }, { cert_chain_pem: [] }]) {
      session.tamper = showing(() => change);
      expect(await verdict()).toMatchObject({ code: 1, problem: 'stripped_signature' });
    }
  });

  it('an honest registry is believed', async () => {
    await signed();
    expect(await verdict()).toEqual({ code: 0, problem: undefined, message: undefined });
  });
});
