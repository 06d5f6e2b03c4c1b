import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeTarGz } from '../../src/format/archive.ts';
import { sha256Hex, treeDigest } from '../../src/format/digest.ts';
import { appendFiller, storedLeaves } from '../support/log.ts';
import { publisher, selfSigned, signedArchive } from '../support/publisher.ts';
import { publish, skill, upload } from '../support/skills.ts';
import { tree } from './files.ts';
import { hubSession, type Tamper } from './hub.ts';
import { lyingKey, lyingProof, proofIn, signerOf, strangeSigner } from './lying-log.ts';
import { honest, publishedSession } from './tampered-session.ts';

const HOUR = 3_600_000;

let session: Awaited<ReturnType<typeof publishedSession>>;

beforeEach(async () => {
  session = await publishedSession();
});

/** What install and verify say, each of a registry that lies from now on. */
async function verdicts(lie: Tamper): Promise<{ install: string; verify: string }> {
  session.tamper = honest;
  expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
  const before = await files();
  // Nothing of it is in the cache, so the registry has to send and to prove it.
  await session.emptyCache();
  session.tamper = lie;
  const installed = await session.json('install', '@acme/pdf-tools');
  const verified = await session.json('verify');
  expect([installed.code, verified.code]).toEqual([1, 1]);
  expect(await files()).toEqual(before);
  const { error } = installed.document as { error: { code: string; fix: string } };
  const { skills } = verified.document as { skills: { problems: { code: string; fix: string }[] }[] };
  const [problem] = skills.flatMap(({ problems }) => problems);
  expect([error.fix, problem?.fix].every((fix) => fix !== undefined && fix.length > 10)).toBe(true);
  return { install: error.code, verify: problem?.code ?? '' };
}

async function files(): Promise<unknown> {
  const memory = await readFile(join(session.home, '.skills/checkpoints.json'), 'utf8');
  return [await tree(session.cwd), memory];
}

const both = (code: string) => ({ install: code, verify: code });

describe('a registry whose log lies', () => {
  it('old checkpoint: the log goes back', async () => {
    const old = await proofIn(await storedLeaves(session.world), 1, {
      signer: signerOf(session.world),
      time: session.time(),
    });
    await appendFiller(session.world, 5);
    await session.world.sweep();
    expect(await verdicts(lyingProof(() => old))).toEqual(both('rollback'));
  });

  it('split view: the log is as long, and another one', async () => {
    const [first = '', second = ''] = await storedLeaves(session.world);
    const other = [first.replace('"v":1', '"v":1 '), second];
    const lie = () => proofIn(other, 1, { signer: signerOf(session.world), time: session.time(), from: 2 });
    expect(await verdicts(lyingProof(lie))).toEqual(both('equivocation'));
  });

  it('split view: the log is longer, and does not begin with what was seen', async () => {
    const [first = '', second = ''] = await storedLeaves(session.world);
    const other = [`${first} `, second, 'third', 'fourth'];
    const lie = () => proofIn(other, 1, { signer: signerOf(session.world), time: session.time(), from: 2 });
    expect(await verdicts(lyingProof(lie))).toEqual(both('equivocation'));
  });

  it.each<[string, Parameters<typeof lyingProof>[0]]>([
    ['another root', (proof) => ({ ...proof, checkpoint: proof.checkpoint.replace(/^(.*\n.*\n)./, '$1x') })],
    ['another size', (proof) => ({ ...proof, checkpoint: proof.checkpoint.replace('\n2\n', '\n3\n') })],
    ['a later time', (proof) => ({ ...proof, checkpoint: proof.checkpoint.replace(/time \d/, 'time 2') })],
    ['no signature', (proof) => ({ ...proof, checkpoint: proof.checkpoint.replace(/— .*\n/, '') })],
    ['an entry that is not in it', (proof) => ({ ...proof, leaf: proof.leaf.replace('1.0.0', '1.0.1') })],
    ['another position', (proof) => ({ ...proof, position: 0 })],
    ['no path', (proof) => ({ ...proof, inclusion: [] })],
    ['a wrong path', (proof) => ({ ...proof, inclusion: ['0'.repeat(64)] })],
  ])('forged log: %s', async (_what, lie) => {
    expect(await verdicts(lyingProof(lie))).toEqual(both('forged_log'));
  });

  it('forged log: signed with a key that nobody trusts', async () => {
    const leaves = await storedLeaves(session.world);
    const lie = () => proofIn(leaves, 1, { signer: strangeSigner(), time: session.time(), from: 2 });
    expect(await verdicts(lyingProof(lie))).toEqual(both('forged_log'));
  });

  it('forged log: the entry of another skill, or of a yank', async () => {
    await publish(session.world, session.key, { name: 'csv-summary' });
    const leaves = await storedLeaves(session.world);
    const lie = () => proofIn(leaves, 2, { signer: signerOf(session.world), time: session.time(), from: 3 });
    expect(await verdicts(lyingProof(lie))).toEqual(both('forged_log'));
    const yanked = [...leaves, (leaves[1] ?? '').replace('publish', 'yank')];
    const later = () => proofIn(yanked, 3, { signer: signerOf(session.world), time: session.time(), from: 3 });
    expect(await verdicts(lyingProof(later))).toEqual(both('forged_log'));
  });

  it('frozen: the log stands still for more than a day, or for what the user says', async () => {
    const old = await proofIn(await storedLeaves(session.world), 1, {
      signer: signerOf(session.world),
      time: session.time() - (25 * HOUR) / 1000,
      from: 2,
    });
    expect(await verdicts(lyingProof(() => old))).toEqual(both('frozen'));
    const patient = await hubSession({
      world: session.world,
      home: session.home,
      tamper: lyingProof(() => old),
      env: { SKILLS_LOG_MAX_AGE_HOURS: '26' },
    });
    expect((await patient.run('install', '@acme/pdf-tools')).code).toBe(0);
    const ahead = await proofIn(await storedLeaves(session.world), 1, {
      signer: signerOf(session.world),
      time: session.time() + (25 * HOUR) / 1000,
      from: 2,
    });
    expect(await verdicts(lyingProof(() => ahead))).toEqual(both('forged_log'));
  });

  it('stripped log: none, or no proof', async () => {
    expect(await verdicts(lyingKey(undefined))).toEqual(both('stripped_log'));
    const silent: Tamper = (path, response) =>
      path.startsWith('/v1/log/') ? session.world.fetch('/v1/log/proof/acme/nothing/1.0.0') : response;
    expect(await verdicts(silent)).toEqual(both('not_logged'));
  });

  it('another key of the log', async () => {
    expect(await verdicts(lyingKey(strangeSigner()))).toEqual(both('log_key_changed'));
  });
});

describe('a registry whose bytes are not what its log says', () => {
  it('substitution: well signed, and not what everybody else gets', async () => {
    const bundle = skill({ body: 'something else' });
    const archive = await writeTarGz(bundle);
    const sha256 = await sha256Hex(archive);
    const { signature } = await session.world.deps.signer.sign(archive);
    const swapped = { sha256, size: archive.length, tree_digest: await treeDigest(bundle) };
    session.tamper = async (path, response) => {
      if (path.startsWith('/v1/packages/')) return Response.json({ ...(await response.json<object>()), ...swapped });
      if (path.endsWith('/sig')) return new Response(signature);
      return path.startsWith('/v1/download/') ? new Response(archive) : response;
    };
    expect(await session.json('install', '@acme/pdf-tools@1.0.0')).toMatchObject({
      code: 1,
      document: { error: { code: 'substitution', message: expect.stringContaining(sha256) } },
    });
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('swapped artifact: the entry is rewritten to fit, so the log does not hold it', async () => {
    const other = 'f'.repeat(64);
    const lie = lyingProof((proof) => ({
      ...proof,
      leaf: proof.leaf.replace(/"archive_sha256":"[0-9a-f]+"/, `"archive_sha256":"${other}"`),
    }));
    expect(await verdicts(lie)).toEqual(both('forged_log'));
  });

  it("stripped signature: the registry's own", async () => {
    const lie: Tamper = (path, response) =>
      path.endsWith('/sig') ? session.world.fetch('/v1/download/acme/nothing/1.0.0/sig') : response;
    expect(await verdicts(lie)).toEqual({ install: 'stripped_signature', verify: 'stripped_signature' });
  });

  it("stripped signature: the publisher's", async () => {
    const owner = publisher('stripped');
    const chain = [await selfSigned(owner, session.world.clock.now())];
    const archive = signedArchive(owner, chain, { version: '2.0.0' });
    expect((await upload(session.world, session.key, archive)).status).toBe(202);
    await session.world.drain();
    const unsigned = { publisher_sig_hex: null, cert_chain_pem: [], signature: undefined };
    const lie: Tamper = async (path, response) =>
      path.startsWith('/v1/packages/') ? Response.json({ ...(await response.json<object>()), ...unsigned }) : response;
    expect(await verdicts(lie)).toEqual(both('stripped_signature'));
  });

  it('flipped byte: found before the log is asked', async () => {
    session.tamper = async (path, response) => {
      if (path !== '/v1/download/acme/pdf-tools/latest' && !path.endsWith('/1.0.0')) return response;
      if (!path.startsWith('/v1/download/')) return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      return new Response(bytes.with(40, (bytes[40] ?? 0) ^ 1));
    };
    expect(await session.json('install', '@acme/pdf-tools')).toMatchObject({
      code: 1,
      document: { error: { code: 'digest_mismatch' } },
    });
    expect(session.sent.filter(({ url }) => url.includes('/v1/log/'))).toEqual([]);
  });
});

describe('a registry that lies where everything is in the cache already', () => {
  const checkpoint =
    (lie: () => Promise<{ checkpoint: string; consistency?: string[] | undefined }>): Tamper =>
    async (path, response) =>
      path === '/v1/log/checkpoint' ? Response.json(await lie()) : response;
  const install = (ref: string) => session.json('install', ref);

  it.each<[string, string, () => Promise<Tamper>]>([
    [
      'old checkpoint',
      'rollback',
      async () => {
        const old = await proofIn(await storedLeaves(session.world), 1, {
          signer: signerOf(session.world),
          time: session.time(),
        });
        await appendFiller(session.world, 5);
        await session.world.sweep();
        await session.run('verify');
        return checkpoint(async () => old);
      },
    ],
    [
      'split view',
      'equivocation',
      async () => {
        const [first = '', second = ''] = await storedLeaves(session.world);
        const from = { signer: signerOf(session.world), time: session.time(), from: 2 };
        return checkpoint(() => proofIn([`${first} `, second, 'third'], 1, from));
      },
    ],
    [
      'frozen hub: newer versions are kept back',
      'frozen',
      async () => {
        const from = { signer: signerOf(session.world), time: session.time() - (25 * HOUR) / 1000, from: 2 };
        return checkpoint(async () => proofIn(await storedLeaves(session.world), 1, from));
      },
    ],
    ['stripped log', 'stripped_log', async () => lyingKey(undefined)],
  ])('%s: noticed when it tells which versions there are', async (_what, code, lie) => {
    expect((await install('@acme/pdf-tools')).code).toBe(0);
    session.tamper = await lie();
    const before = await files();
    expect(await install('@acme/pdf-tools')).toMatchObject({ code: 1, document: { error: { code } } });
    expect(await files()).toEqual(before);
    session.tamper = honest;
    expect((await install('@acme/pdf-tools')).code).toBe(0);
  });
});
