import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRegistry, updateRegistry } from '../../cli/home.ts';
import { type PgpSigner, pgpSigner } from '../support/openpgp.ts';
import { newNamespace, tarGz } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { writeSkill } from './files.ts';
import { type HubSession, hubSession, REGISTRY, type Tamper } from './hub.ts';

const ada = await pgpSigner();
const eve = await pgpSigner({ userId: 'Eve' });

interface Author extends HubSession {
  token: string;
}

async function author(options: Parameters<typeof hubSession>[0] = {}): Promise<Author> {
  const world = options.world ?? (await createWorld());
  const { key: token } = await newNamespace(world, 'acme');
  const session = await hubSession({ ...options, world, env: { SKILLS_TOKEN: token, ...options.env } });
  await writeSkill(join(session.cwd, 'pdf-tools'));
  await writeFile(join(session.cwd, 'ada.asc'), ada.publicKey);
  return { ...session, token };
}

async function writeKey(session: HubSession, { privateKey }: PgpSigner, passphrase?: string): Promise<void> {
  const key = passphrase === undefined ? privateKey : await openpgp.encryptKey({ privateKey, passphrase });
  await writeFile(join(session.cwd, 'secret.asc'), key.armor());
}

/** An author who has registered Ada's key and published with it. */
async function signedAuthor(options: Parameters<typeof hubSession>[0] = {}): Promise<Author> {
  const session = await author(options);
  await writeKey(session, ada);
  expect((await session.run('key', 'add', 'ada.asc')).code).toBe(0);
  const { code, stderr } = await session.run('publish', 'pdf-tools', '--sign-key-file', 'secret.asc');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return session;
}

const reader = (world: World, tamper?: Tamper) => hubSession({ world, ...(tamper && { tamper }) });
const revoke = (session: Author, { fingerprint }: PgpSigner) => session.run('key', 'remove', fingerprint);

/** A folder with an executable `gpg` in it. */
async function fakeGpg(script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skills-gpg-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'gpg'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'gpg'), 0o755);
  return folder;
}

describe('skills key', () => {
  it('registers, lists and revokes', async () => {
    const session = await author();
    expect(await session.run('key', 'add', 'ada.asc')).toEqual({
      code: 0,
      stdout: `acme signs with ${ada.fingerprint} (Ada <ada@example.com>) from now on.\n`,
      stderr: '',
    });
    expect((await session.run('key', 'list')).stdout).toBe(`${ada.fingerprint}  Ada <ada@example.com>\n`);
    expect((await session.json('key', 'remove', ada.fingerprint)).document).toEqual({
      namespace: 'acme',
      fingerprint: ada.fingerprint,
      removed: true,
    });
    const anybody = await reader(session.world);
    expect((await anybody.run('key', 'list', 'acme')).stdout).toBe(
      `${ada.fingerprint}  Ada <ada@example.com>  revoked 2026-01-01T00:00:00.000Z\n`,
    );
  });

  it('never sends a private key', async () => {
    const session = await author();
    await writeKey(session, ada);
    const { code, stderr } = await session.run('key', 'add', 'secret.asc');
    expect([code, stderr]).toEqual([1, expect.stringContaining('is a private key')]);
    expect(session.sent).toEqual([]);
  });

  it('tells what is missing', async () => {
    const session = await author();
    expect((await session.run('key', 'add')).code).toBe(2);
    expect((await session.run('key', 'burn', 'x')).code).toBe(2);
    expect((await session.run('key', 'add', 'nothing.asc')).stderr).toContain('nothing.asc cannot be read (ENOENT)');
    expect((await session.run('key', 'add', '--help')).stdout).toContain('Manage the OpenPGP keys');
  });
});

describe('skills publish --sign', () => {
  it('signs with a key in a file, and everybody sees it', async () => {
    const session = await signedAuthor();
    const anybody = await reader(session.world);
    expect((await anybody.run('info', '@acme/pdf-tools')).stdout).toContain(
      `signed by Ada <ada@example.com> with ${ada.fingerprint}\n`,
    );
  });

  it('opens the key with a passphrase from the environment', async () => {
    const session = await author({ env: { SKILLS_SIGN_PASSPHRASE: 'sesame' } });
    await writeKey(session, ada, 'sesame');
    await session.run('key', 'add', 'ada.asc');
    expect((await session.run('publish', 'pdf-tools', '--sign-key-file', 'secret.asc')).code).toBe(0);
    await writeKey(session, ada, 'another');
    const wrong = await session.run('publish', 'pdf-tools', '--sign-key-file', 'secret.asc');
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('does not open secret.asc')]);
  });

  it('asks for the passphrase on a terminal, and does not show it', async () => {
    const terminal = { stdin: true, stdout: false, stderr: false };
    const session = await author({ terminal, input: ['sesame\n'] });
    await writeKey(session, ada, 'sesame');
    await session.run('key', 'add', 'ada.asc');
    const { code, stdout, stderr } = await session.run('publish', 'pdf-tools', '--sign-key-file', 'secret.asc');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Passphrase of secret.asc: \n' });
    expect(stdout).not.toContain('sesame');
  });

  it('needs a terminal or the environment for it', async () => {
    const session = await author();
    await writeKey(session, ada, 'sesame');
    const { code, stderr } = await session.run('publish', 'pdf-tools', '--sign-key-file', 'secret.asc');
    expect([code, stderr]).toEqual([2, expect.stringContaining('SKILLS_SIGN_PASSPHRASE')]);
  });

  it('signs with gpg', async () => {
    const home = await mkdtemp(join(tmpdir(), 'skills-gnupg-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    // The clock of the test stands still, long ago.
    await writeFile(join(home, 'gpg.conf'), 'faked-system-time 20260101T000000!\nquiet\n');
    const env = { PATH: process.env.PATH, GNUPGHOME: home };
    const gpg = (...args: string[]) =>
      execFileSync('gpg', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    gpg('--batch', '--passphrase', '', '--quick-generate-key', 'Grace <grace@example.com>', 'ed25519', 'sign', 'never');
    const session = await author({ env });
    await writeFile(join(session.cwd, 'grace.asc'), gpg('--armor', '--export', 'grace@example.com'));
    expect((await session.run('key', 'add', 'grace.asc')).code).toBe(0);
    const { code } = await session.run('publish', 'pdf-tools', '--sign-key', 'grace@example.com');
    expect(code).toBe(0);
    const { document } = await session.json('info', '@acme/pdf-tools');
    expect(document).toMatchObject({ publisher_signature: { user_id: 'Grace <grace@example.com>' } });
  });

  it('tells when gpg fails or is not there, and uploads nothing', async () => {
    const log = await mkdtemp(join(tmpdir(), 'skills-gpg-log-'));
    const PATH = await fakeGpg(`echo "$@" > ${log}/args\necho "gpg: no default secret key" >&2\nexit 2`);
    const failing = await author({ env: { PATH } });
    const failed = await failing.run('publish', 'pdf-tools', '--sign');
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('no default secret key')]);
    expect(failed.stderr).toContain('gpg could not sign (exit code 2)');
    expect(await readFile(join(log, 'args'), 'utf8')).toBe('--quiet --detach-sign --digest-algo SHA512 --output -\n');
    expect(failing.sent).toEqual([]);

    const empty = join(log, 'empty');
    await mkdir(empty);
    const without = await author({ env: { PATH: empty } });
    expect((await without.run('publish', 'pdf-tools', '--sign')).stderr).toContain('gpg was not found in PATH.');
  });

  it('shows what gpg says without what a terminal would act on', async () => {
    const folder = await fakeGpg("printf 'no key of \\033[31mEve\\007\\nread on\\n' >&2; exit 2");
    const session = await author({ env: { PATH: `${folder}:${process.env.PATH}` } });
    const { code, stderr } = await session.run('publish', 'pdf-tools', '--sign');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('no key of \\u001b[31mEve\\u0007\nread on\nerror: gpg could not sign (exit code 2).'),
    ]);
  });

  it('takes one key only', async () => {
    const session = await author();
    expect((await session.run('publish', 'pdf-tools', '--sign', '--sign-key-file', 'x')).code).toBe(2);
  });

  it('tells what the registry has against a signature', async () => {
    const session = await author();
    await writeKey(session, eve);
    const { code, stderr } = await session.run('publish', 'pdf-tools', '--sign-key-file', 'secret.asc');
    expect([code, stderr]).toEqual([1, expect.stringContaining("which 'acme' has not registered")]);
    expect(stderr).toContain('skills key add');
  });
});

describe('who installs', () => {
  const changed: Tamper = async (path, response) => {
    if (!path.endsWith('/asc')) return response;
    const signature = await openpgp.sign({
      message: await openpgp.createMessage({ binary: await tarGz({ description: 'Another.' }) }),
      signingKeys: ada.privateKey,
      detached: true,
      date: new Date(Date.UTC(2026, 0, 1)),
    });
    return new Response(signature, response);
  };

  it('checks the signature and keeps the key of the publisher', async () => {
    const { world } = await signedAuthor();
    const session = await reader(world);
    const { code, stderr } = await session.run('install', '@acme/pdf-tools');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(`note: trusting the key ${ada.fingerprint} of acme`),
    });
    expect(await session.run('verify')).toEqual({ code: 0, stdout: '✓ @acme/pdf-tools@1.0.0\n', stderr: '' });
  });

  it('installs nothing under a signature that does not hold', async () => {
    const { world } = await signedAuthor();
    const session = await reader(world, changed);
    const { code, stderr } = await session.run('install', '@acme/pdf-tools');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("The publisher's signature of @acme/pdf-tools@1.0.0 does not hold"),
    ]);
    expect((await session.run('list')).stdout).not.toContain('pdf-tools');
  });

  it('finds it when verifying, too', async () => {
    const { world } = await signedAuthor();
    const session = await reader(world);
    await session.run('install', '@acme/pdf-tools');
    const later = await hubSession({ world, tamper: changed, cwd: session.cwd, home: session.home });
    const { code, document } = await later.json('verify');
    expect([code, document]).toMatchObject([1, { skills: [{ problems: [{ code: 'bad_publisher_signature' }] }] }]);
  });

  it('does not take another key of the same publisher without being told', async () => {
    const publisher = await signedAuthor();
    const session = await reader(publisher.world);
    await session.run('install', '@acme/pdf-tools');
    await writeFile(join(publisher.cwd, 'eve.asc'), eve.publicKey);
    await publisher.run('key', 'add', 'eve.asc');
    await writeKey(publisher, eve);
    await writeSkill(join(publisher.cwd, 'pdf-tools'), { version: '1.1.0' });
    expect((await publisher.run('publish', 'pdf-tools', '--sign-key-file', 'secret.asc')).code).toBe(0);
    const refused = await session.run('install', '@acme/pdf-tools');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`--trust-publisher ${eve.fingerprint}`),
    ]);
    const trusted = await session.run('install', '@acme/pdf-tools', '--trust-publisher', eve.fingerprint);
    expect(trusted.code).toBe(0);
    expect((await session.run('verify')).code).toBe(0);
  });

  it('is warned of a key that was revoked', async () => {
    const publisher = await signedAuthor();
    const session = await reader(publisher.world);
    await session.run('install', '@acme/pdf-tools');
    expect((await revoke(publisher, ada)).code).toBe(0);
    const { code, stderr } = await session.run('verify');
    expect([code, stderr]).toEqual([
      0,
      `warning: @acme/pdf-tools@1.0.0 is signed with the key ${ada.fingerprint}, which acme has revoked since.\n`,
    ]);
    const info = await session.run('info', '@acme/pdf-tools');
    expect(info.stdout).toContain('which was revoked 2026-01-01T00:00:00.000Z');
  });
});

describe('the keys of publishers', () => {
  it('are kept beside those that another command keeps meanwhile', async () => {
    const { world } = await signedAuthor();
    let isFirst = true;
    const session: HubSession = await reader(world, async (path, response) => {
      if (!path.startsWith('/v1/download/') || !isFirst) return response;
      isFirst = false;
      await updateRegistry(context, REGISTRY, { publishers: { acme: [eve.fingerprint], other: ['AB'] } });
      return response;
    });
    const context = { env: {}, home: session.home, clock: { now: () => 0, sleep: async () => undefined } };
    expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
    expect((await readRegistry(context, REGISTRY)).publishers).toEqual({
      acme: [eve.fingerprint, ada.fingerprint],
      other: ['AB'],
    });
  });
});
