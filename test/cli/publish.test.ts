import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/format/digest.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { newNamespace, publish, tarGz } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY } from '../support/world.ts';
import { writeFiles, writeSkill } from './files.ts';
import { type HubSession, hubSession, REGISTRY, type Tamper } from './hub.ts';

async function author(options: Parameters<typeof hubSession>[0] = {}): Promise<HubSession> {
  const world = options.world ?? (await createWorld());
  const { key } = await newNamespace(world, 'acme');
  const session = await hubSession({ ...options, world, env: { SKILLS_TOKEN: key } });
  await writeSkill(session.cwd);
  return session;
}

describe('skills publish', () => {
  it('uploads, tells each stage as it passes, and ends with the address', async () => {
    const session = await author();
    const { code, stdout, stderr } = await session.run('publish');
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout:
        'Publishing @acme/pdf-tools@1.0.0 to http://hub.test\n✓ structure\n✓ content\n✓ safety\n✓ examination\n✓ signing\nPublished @acme/pdf-tools@1.0.0\n',
      stderr: '',
    });
    expect((await session.world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
  });

  it('sends the canonical archive with its digest', async () => {
    const session = await author();
    await session.run('publish');
    const [upload] = session.sent;
    const archive = new Uint8Array(
      await (await session.world.fetch('/v1/download/acme/pdf-tools/1.0.0')).arrayBuffer(),
    );
    expect(archive).toEqual(await tarGz());
    const digest = Buffer.from(await sha256Hex(archive), 'hex').toString('base64');
    expect(upload).toMatchObject({
      method: 'POST',
      url: `${REGISTRY}/v1/publish?version=1.0.0`,
      headers: { 'content-type': 'application/gzip', 'content-digest': `sha-256=:${digest}:` },
    });
  });

  it('gives the final job and identity as JSON', async () => {
    const session = await author();
    const { code, document, stderr } = await session.json('publish');
    expect([code, stderr]).toEqual([0, '']);
    expect(document).toMatchObject({
      status: 'pass',
      published: true,
      ref: '@acme/pdf-tools@1.0.0',
      registry: REGISTRY,
      sha256: await sha256Hex(await tarGz()),
    });
  });

  it('takes an archive as it is', async () => {
    const session = await author();
    const archive = await tarGz({ name: 'csv-tools' });
    await writeFile(join(session.cwd, 'x.skill'), archive);
    expect((await session.run('publish', 'x.skill')).stdout).toContain('Published @acme/csv-tools@1.0.0');
    expect(
      new Uint8Array(await (await session.world.fetch('/v1/download/acme/csv-tools/1.0.0')).arrayBuffer()),
    ).toEqual(archive);
  });

  it('publishes privately, and into a namespace that an operator names', async () => {
    const session = await author();
    await session.run('publish', '--private');
    expect((await session.world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(404);
    const operator = await hubSession({ world: session.world, env: { SKILLS_TOKEN: OPERATOR_KEY } });
    await writeSkill(operator.cwd, { name: 'csv-tools' });
    expect((await operator.run('publish', '--namespace', 'acme')).stdout).toContain('Published @acme/csv-tools@1.0.0');
  });

  it('does not upload what breaks a rule', async () => {
    const session = await author();
    await writeSkill(session.cwd, { description: 'Too short.' });
    const { code, stderr } = await session.run('publish');
    expect(code).toBe(1);
    expect(stderr).toBe(`SKILL.md: error: description is too short (minimum 20 characters) (description-too-short)
  fix: Say what the skill does and when an agent should use it.
error: The skill is not valid: description is too short (minimum 20 characters).
fix: Mend it, and check it with \`skills validate .\`.
`);
    expect(session.sent).toEqual([]);
    const { findings }: { findings: unknown[] } = JSON.parse((await session.run('publish', '--json')).stdout);
    expect(findings).toMatchObject([{ rule: 'description-too-short', severity: 'error', file: 'SKILL.md' }]);
    expect((await session.json('publish')).document).toMatchObject({ error: { code: 'invalid_skill' } });
  });

  it('tells whose skill it publishes before it uploads, when it knows that without asking', async () => {
    const session = await hubSession({
      tamper: (path, response) => (path === '/v1/publish' ? new Response('', { status: 502 }) : response),
    });
    await writeSkill(session.cwd);
    await session.run('login', 'acme', '--email', 'me@example.com');
    const line = (namespace: string) => `Publishing @${namespace}/pdf-tools@1.0.0 to ${REGISTRY}\n`;
    expect(await session.run('publish')).toMatchObject({ code: 1, stdout: line('acme') });
    expect(await session.run('publish', '--namespace', 'other')).toMatchObject({ code: 1, stdout: line('other') });
  });

  it('says at Ctrl-C that the upload may have arrived, and ends with 130', async () => {
    const listeners: (() => void)[] = [];
    const exits: number[] = [];
    const session = await author({
      onInterrupt: (listener) => void listeners.push(listener),
      exit(code) {
        exits.push(code);
        throw new Error('ended');
      },
      tamper(path, response) {
        if (path === '/v1/publish') for (const listener of listeners) listener();
        return response;
      },
    });
    const { stderr } = await session.run('publish', '--namespace', 'acme');
    expect(exits).toEqual([130]);
    expect(stderr).toContain('Interrupted; the upload may have arrived: skills info @acme/pdf-tools@1.0.0\n');
  });

  it('tells why the registry refused, and ends with 1', async () => {
    const session = await author();
    const { key } = await newNamespace(session.world, 'other');
    await publish(session.world, key, { name: 'pdf-tool' });
    const { code, stdout, stderr } = await session.run('publish');
    expect([code, stdout]).toEqual([
      1,
      'Publishing @acme/pdf-tools@1.0.0 to http://hub.test\n✓ structure\n✓ content\n✗ safety\n',
    ]);
    expect(stderr).toContain(
      "error: name 'pdf-tools' is too similar to existing package 'pdf-tool' (Levenshtein distance 1) (similar-name)",
    );
    expect(stderr).toContain('error: @acme/pdf-tools@1.0.0 was not published: Stage 3 failed');
    expect(stderr).toMatch(/\nfix: .+\n$/);
    await writeSkill(session.cwd, { version: '1.0.1' });
    expect(await session.json('publish')).toMatchObject({ code: 1, document: { status: 'fail', published: false } });
  });

  it('needs a key before it sends a byte', async () => {
    const session = await hubSession();
    await writeSkill(session.cwd);
    const { code, document } = await session.json('publish');
    const message = `Publishing to ${REGISTRY} needs a key, and none is stored for it.`;
    const fix = 'Run `skills login <namespace>`, or set SKILLS_TOKEN.';
    expect([code, document]).toEqual([4, { error: { code: 'unauthorized', message, fix } }]);
    expect(session.sent).toEqual([]);
  });

  it('finds out whether the key was the reason when the connection breaks during the upload', async () => {
    const tamper: Tamper = (path, response) => {
      if (path !== '/v1/publish') return response;
      throw new TypeError('fetch failed', { cause: new Error('write ECONNRESET') });
    };
    const good = await author({ tamper });
    const message = `The registry ${REGISTRY} cannot be reached: write ECONNRESET.`;
    expect(await good.json('publish')).toMatchObject({ code: 1, document: { error: { code: 'network', message } } });
    const bad = await hubSession({ tamper, env: { SKILLS_TOKEN: 'skh_revoked' } });
    await writeSkill(bad.cwd);
    expect(await bad.json('publish')).toMatchObject({ code: 4, document: { error: { code: 'unauthorized' } } });
  });

  it('holds the limit of an archive before it reads or sends one', async () => {
    const session = await author();
    await writeFile(join(session.cwd, 'big.skill'), '');
    await truncate(join(session.cwd, 'big.skill'), DEFAULT_LIMITS.maxArchiveBytes + 1);
    const { code, document } = await session.json('publish', 'big.skill');
    expect([code, document]).toMatchObject([
      1,
      { error: { code: 'limit_exceeded', fix: 'Leave out what the skill does not need.' } },
    ]);
    expect(session.sent).toEqual([]);
  });

  it("tells of a number that is taken and of a namespace that is not one's own", async () => {
    const session = await author();
    await session.run('publish');
    expect(await session.run('publish')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('raise the version and publish again'),
    });
    expect(await session.run('publish', '--namespace', 'other')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('fix: '),
    });
  });

  it('uploads nothing in a dry run, not even without a key', async () => {
    const session = await hubSession();
    await writeSkill(session.cwd);
    const { code, stdout } = await session.run('publish', '--dry-run');
    expect([code, stdout]).toEqual([0, expect.stringContaining('would publish pdf-tools@1.0.0')]);
    expect(session.sent).toEqual([]);
  });

  it('tells in a dry run all that would be sent, and where', async () => {
    const session = await author();
    await writeSkill(session.cwd, { files: { 'scripts/run.sh': 'echo hi\n' } });
    await writeFiles(session.cwd, { '.env': 'A=1', 'news.md': '\nReads forms.\n\nAnd boxes.\n' });
    const archive = await tarGz({
      files: { 'scripts/run.sh': 'echo hi\n', 'news.md': '\nReads forms.\n\nAnd boxes.\n' },
    });
    const sha256 = await sha256Hex(archive);
    const terms = ['--tag', 'beta', '--tag', 'lts', '--private', '--sign', '--changelog-file', 'news.md'];
    expect(await session.run('publish', '--dry-run', '--namespace', 'acme', ...terms)).toEqual({
      code: 0,
      stdout: `  SKILL.md        136 B
  news.md         26 B
  scripts/run.sh  8 B
left out:
  .env  hidden
examination: clean (score 0; 40 and more is suspicious)
would publish @acme/pdf-tools@1.0.0 to ${REGISTRY}: ${archive.length} B, sha256 ${sha256}
  private, if it is new
  tags: beta, lts
  with your signature
  changelog:
    Reads forms.

    And boxes.
`,
      stderr: '',
    });
    expect(await session.json('publish', '--dry-run', ...terms)).toMatchObject({
      code: 0,
      document: {
        name: 'pdf-tools',
        version: '1.0.0',
        namespace: null,
        registry: REGISTRY,
        published: false,
        sha256,
        treeDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
        private: true,
        tags: ['beta', 'lts'],
        changelog: 'Reads forms.\n\nAnd boxes.',
        signed: true,
        verdict: 'clean',
        score: 0,
        files: [{ path: 'SKILL.md' }, { path: 'news.md' }, { path: 'scripts/run.sh' }],
        leftOut: [{ path: '.env', reason: 'hidden' }],
      },
    });
    expect(session.sent).toEqual([]);
  });

  it('sends tags and a changelog along, which the list of versions shows', async () => {
    const session = await author();
    const terms = ['--tag', 'beta', '--changelog', 'Liest Formulare: ä ö.\n- und Listen'];
    expect((await session.run('publish', ...terms)).stdout).toContain('Published @acme/pdf-tools@1.0.0');
    expect(session.sent[0]).toMatchObject({
      url: `${REGISTRY}/v1/publish?version=1.0.0&tag=beta`,
      headers: { 'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/) },
    });
    const { stdout } = await session.run('info', '@acme/pdf-tools', '--versions');
    expect(stdout).toMatch(/\n1\.0\.0 {2}\S+ {2}latest, beta\n {2}Liest Formulare: ä ö\.\n {2}- und Listen\n/);
    expect((await session.run('info', '@acme/pdf-tools')).stdout).toMatch(
      /\n\nWhat is new:\n {2}Liest Formulare: ä ö\.\n {2}- und Listen\n$/,
    );
    expect(await session.json('info', '@acme/pdf-tools', '--versions')).toMatchObject({
      document: { versions: [{ version: '1.0.0', changelog: 'Liest Formulare: ä ö.\n- und Listen' }] },
    });
    expect(
      new Uint8Array(await (await session.world.fetch('/v1/download/acme/pdf-tools/1.0.0')).arrayBuffer()),
    ).toEqual(await tarGz());
  });

  it.each([
    [['--tag', 'latest', '--tag', '1.x'], "The tag '1.x' must be"],
    [['--changelog', ' \n'], 'The changelog is empty.'],
    [['--changelog', 'x'.repeat(20_001)], 'The changelog is 20001 characters long; the maximum is 20000.'],
    [['--changelog', 'a', '--changelog-file', 'b'], 'A version has one changelog.'],
  ])('refuses %j before it sends anything', async (options, message) => {
    const session = await author();
    expect(await session.json('publish', ...options)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message: expect.stringContaining(message) } },
    });
    expect(session.sent).toEqual([]);
  });

  it('says when the file of the changelog is not there', async () => {
    const session = await author();
    expect(await session.run('publish', '--changelog-file', 'news.md')).toMatchObject({
      code: 1,
      stderr: `error: ${join(session.cwd, 'news.md')} cannot be read (ENOENT).\nfix: Check the path after --changelog-file.\n`,
    });
  });

  it('shows on a terminal how much was sent, and takes the bar away', async () => {
    const terminal = { stdin: false, stdout: false, stderr: true };
    const session = await author({ terminal });
    const { stderr } = await session.run('publish');
    const { length } = await tarGz();
    expect(stderr).toBe(`\ruploading [${'#'.repeat(24)}] ${length} B\r\u{1b}[2K`);
    const piped = await author();
    expect((await piped.run('publish', '--changelog', 'More.')).stderr).toBe('');
  });

  it('asks ever more seldom, and gives up after five minutes', async () => {
    const session = await author({ onSleep: async () => undefined });
    const { code, document } = await session.json('publish');
    expect([code, document]).toEqual([
      1,
      {
        error: {
          code: 'timeout',
          message: expect.stringContaining('after five minutes'),
          fix: expect.stringContaining(`${REGISTRY}/v1/jobs/`),
        },
      },
    ]);
    expect(session.slept.slice(0, 3)).toEqual([200, 300, 450]);
    expect(Math.max(...session.slept)).toBe(2000);
    expect(session.slept.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(300_000);
  });

  it('outlives a registry that is away for a moment, but not for long', async () => {
    let polls = 0;
    const flaky = await author({
      tamper: (path, response) =>
        path.startsWith('/v1/jobs/') && polls++ < 3 ? new Response('', { status: 502 }) : response,
    });
    expect((await flaky.run('publish')).stdout).toContain('Published');
    const gone = await author({
      tamper: (path, response) => (path.startsWith('/v1/jobs/') ? new Response('', { status: 502 }) : response),
    });
    expect(await gone.run('publish')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('answered with HTTP 502'),
    });
  });

  it('needs a version from somewhere, and only one', async () => {
    const session = await author();
    await writeSkill(session.cwd, { version: null });
    expect(await session.run('publish')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('or give --version 1.0.0'),
    });
    expect((await session.run('publish', '--version', '2.0.0')).stdout).toContain('Published @acme/pdf-tools@2.0.0');
    await writeSkill(session.cwd, { version: '1.0.0' });
    expect(await session.run('publish', '--version', '3.0.0')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Make them agree'),
    });
    expect(await session.run('publish', '--version', 'v3')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('MAJOR.MINOR.PATCH'),
    });
  });
});
