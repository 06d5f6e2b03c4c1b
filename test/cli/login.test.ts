import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newNamespace, postJson } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

const TERMINAL = { stdin: true, stdout: false, stderr: false };

async function stored(
  session: HubSession,
): Promise<{ registry?: string; registries: Record<string, { token?: string; namespace?: string }> }> {
  return JSON.parse(await readFile(join(session.home, '.skills/config.json'), 'utf8'));
}

const mailedCode = (world: World) => /\b\d{6}\b/.exec(world.outbox.at(-1)?.text ?? '')?.[0] ?? '';

describe('skills login', () => {
  it('claims a free namespace and keeps its key, for the owner alone', async () => {
    const session = await hubSession();
    const { code, stdout } = await session.run('login', 'acme', '--email', 'me@example.com');
    const path = join(session.home, '.skills/config.json');
    expect(code).toBe(0);
    expect(stdout).toContain(`Created the namespace acme on ${REGISTRY}; the key is in ${path}.`);
    const { registries, registry } = await stored(session);
    expect(registries[REGISTRY]).toEqual({ token: expect.stringMatching(/^sk\w+_[0-9a-f]{64}$/), namespace: 'acme' });
    expect(registry).toBe(REGISTRY);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await session.run('whoami')).stdout).toBe(`acme on ${REGISTRY} (read, publish, admin)\n`);
  });

  it('never prints the key', async () => {
    const session = await hubSession();
    const { stdout, stderr } = await session.run('login', 'acme', '--email', 'me@example.com', '--json');
    const token = (await stored(session)).registries[REGISTRY]?.token ?? 'none';
    expect(stdout + stderr).not.toContain(token);
    expect(JSON.parse(stdout)).toMatchObject({ registry: REGISTRY, namespace: 'acme', created: true });
  });

  it('mails a code for a namespace that exists, and takes it on the terminal', async () => {
    const world = await createWorld();
    await newNamespace(world, 'acme');
    const input = (async function* () {
      yield `${mailedCode(world)}\n`;
    })();
    const session = await hubSession({ world, terminal: TERMINAL, input });
    const { code, stdout, stderr } = await session.run('login', 'acme', '--email', 'acme@example.com');
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Logged in as acme on ${REGISTRY}`)]);
    expect(stderr).toContain('A six-digit code was mailed to acme@example.com.\nCode: ');
    expect((await session.run('whoami')).code).toBe(0);
  });

  it('asks for the code again when it was mistyped, three times in all', async () => {
    const world = await createWorld();
    await newNamespace(world, 'acme');
    const codes = async (wrong: number) => {
      const input = (async function* () {
        for (let count = 0; count < wrong; count++) yield '000000\n';
        yield `${mailedCode(world)}\n`;
      })();
      const session = await hubSession({ world, terminal: TERMINAL, input });
      const { code, stderr } = await session.run('login', 'acme', '--email', 'acme@example.com');
      return [code, stderr.split('Code: ').length - 1];
    };
    expect(await codes(2)).toEqual([0, 3]);
    expect(await codes(3)).toEqual([4, 3]);
  });

  it('takes the code as a flag, and then mails none', async () => {
    const world = await createWorld();
    await newNamespace(world, 'acme');
    await postJson(world, '/v1/auth/login', { namespace: 'acme', email: 'acme@example.com' });
    const session = await hubSession({ world });
    expect((await session.run('login', 'acme', '--otp', mailedCode(world))).code).toBe(0);
    expect(session.sent.map(({ url }) => url)).toEqual([`${REGISTRY}/v1/auth/token`]);
  });

  it('ends when the answer is empty', async () => {
    const session = await hubSession({ terminal: TERMINAL, input: ['acme\n'] });
    const { code, stderr } = await session.run('login');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('error: E-mail is missing.\nfix: Answer the question, or give --email.'),
    ]);
  });

  it('asks for everything on a terminal', async () => {
    const session = await hubSession({ terminal: TERMINAL, input: ['acme\nme@example.com\n'] });
    const { code, stdout, stderr } = await session.run('login');
    expect(code).toBe(0);
    expect(stderr).toContain('Namespace: E-mail: ');
    expect(stdout).toContain('Created the namespace acme');
  });

  it.each([
    [['login'], 'Namespace is missing, and there is no terminal to ask on.', 'skills login <namespace>'],
    [['login', 'acme'], 'E-mail is missing, and there is no terminal to ask on.', 'Give --email.'],
  ])('names what is missing without a terminal: %j', async (argv, message, fix) => {
    const session = await hubSession();
    const { code, document } = await session.json(...argv);
    expect([code, document]).toEqual([2, { error: { code: 'usage', message, fix: expect.stringContaining(fix) } }]);
    expect(session.sent).toEqual([]);
  });

  it('says how to go on once the code was mailed, without a terminal', async () => {
    const world = await createWorld();
    await newNamespace(world, 'acme');
    const session = await hubSession({ world });
    const { code, stderr } = await session.run('login', 'acme', '--email', 'acme@example.com');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'A six-digit code was mailed to acme@example.com.\nGo on with: skills login acme --email acme@example.com --otp <code>\n',
    );
    expect(stderr).not.toContain('error:');
    expect(world.outbox).toHaveLength(1);
    expect(await session.json('login', 'acme', '--email', 'acme@example.com')).toMatchObject({
      code: 2,
      document: { code_sent: true, namespace: 'acme' },
    });
  });

  it.each(['me', 'me@', 'me@x y', `${'x'.repeat(250)}@example.com`])(
    'sends nothing for the address %s',
    async (email) => {
      const session = await hubSession();
      const message = `'${email}' is not an e-mail address.`;
      expect(await session.json('login', 'acme', '--email', email)).toMatchObject({
        code: 2,
        document: { error: { code: 'usage', message, fix: 'Write it like me@example.com.' } },
      });
      expect(session.sent).toEqual([]);
    },
  );

  it('creates no namespace by a slip of the keyboard in the place of a stored key', async () => {
    const world = await createWorld();
    const session = await hubSession({ world });
    await session.run('login', 'acme', '--email', 'me@example.com');
    const before = await stored(session);
    expect(await session.json('login', 'acmee', '--email', 'me@example.com')).toMatchObject({
      code: 2,
      document: {
        error: {
          code: 'usage',
          message: "There is no namespace 'acmee'.",
          fix: 'Check the spelling; to create it, and replace the stored key of acme, add --create.',
        },
      },
    });
    for (const [answer, code] of [
      ['', 2],
      ['no', 2],
      ['y', 0],
    ] as const) {
      const asked = await hubSession({ world, home: session.home, terminal: TERMINAL, input: [`${answer}\n`] });
      const outcome = await asked.run('login', 'acmee', '--email', 'me@example.com');
      expect([outcome.code, outcome.stderr]).toEqual([
        code,
        expect.stringContaining("no namespace 'acmee'. Create it, and replace the stored key of acme? [y/N]: "),
      ]);
      if (code === 2) expect(await stored(session)).toEqual(before);
    }
    expect((await stored(session)).registries[REGISTRY]).toMatchObject({ namespace: 'acmee' });
    await newNamespace(world, 'other');
    const mailed = await session.run('login', 'other', '--email', 'other@example.com');
    expect([mailed.code, mailed.stderr]).toEqual([2, expect.stringContaining('A six-digit code was mailed')]);
  });

  it('says so when it replaces the key of another namespace', async () => {
    const session = await hubSession();
    const replaces = /note: this replaces the key of (.+) on http:\/\/hub\.test\n/;
    const login = async (...argv: string[]) => replaces.exec((await session.run('login', ...argv)).stderr)?.[1];
    expect(await login('acme', '--email', 'me@example.com')).toBeUndefined();
    const { token = '' } = (await stored(session)).registries[REGISTRY] ?? {};
    expect(await login('--token', token)).toBeUndefined();
    expect(await login('other', '--email', 'me@example.com', '--create')).toBe('acme');
    expect(await login('--token', OPERATOR_KEY)).toBe('other');
    expect(await login('--token', token)).toBe('the operator');
  });

  it.each([
    [
      ['login', 'acme', '--email', 'other@example.com'],
      4,
      'This is not the e-mail address of the namespace',
      'Use the address',
    ],
    [['login', 'acme', '--otp', '000000'], 4, 'invalid or expired code', 'Check it, or ask for a new one'],
    [['login', 'A!', '--email', 'a@b.example'], 2, "namespace 'A!' is 2 characters long", 'Choose 3 to 32'],
  ])('is refused for %j', async (argv, exitCode, message, fix) => {
    const world = await createWorld();
    await newNamespace(world, 'acme');
    const session = await hubSession({ world });
    const { code, stderr } = await session.run(...argv);
    expect(code).toBe(exitCode);
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toContain(`fix: ${fix}`);
    expect((await session.run('logout')).stdout).toBe(`No key of ${REGISTRY} is stored.\n`);
  });

  it('takes a key from stdin, after checking it', async () => {
    const world = await createWorld();
    const { key } = await newNamespace(world, 'acme');
    const session = await hubSession({ world, input: [`${key}\n`] });
    expect((await session.run('login', '--token', '-')).code).toBe(0);
    expect((await stored(session)).registries[REGISTRY]).toEqual({ token: key, namespace: 'acme' });
  });

  it('says until when a key that it takes will do', async () => {
    const world = await createWorld();
    const { headers } = await newNamespace(world, 'acme');
    const made = await postJson(world, '/v1/keys', { label: 'ci', expires_in: 86_400 }, headers);
    const { api_key } = await made.json<{ api_key: string }>();
    const session = await hubSession({ world });
    const { code, stderr } = await session.run('login', '--token', api_key);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^note: this key expires 2026-01-02T00:00:00\.000Z\.$/m)]);
  });

  it('takes the key of an operator', async () => {
    const session = await hubSession();
    expect((await session.run('login', '--token', OPERATOR_KEY)).stdout).toContain('Logged in as operator');
  });

  it('keeps no key that the registry does not know', async () => {
    const session = await hubSession();
    const { code, stderr } = await session.run('login', '--token', 'skh_wrong');
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining('error: This API key is unknown or revoked.\nfix: Run `skills login` for a new one.'),
    ]);
    expect(stderr).not.toContain('skh_wrong');
    await expect(stored(session)).rejects.toThrow('ENOENT');
  });

  it('refuses a key of another namespace than the one named', async () => {
    const world = await createWorld();
    const { key } = await newNamespace(world, 'acme');
    const session = await hubSession({ world });
    const { code, stderr } = await session.run('login', 'other', '--token', key);
    expect([code, stderr]).toEqual([2, expect.stringContaining('This key belongs to acme, not to other.')]);
  });

  it('warns when others on the way can read the key', async () => {
    const session = await hubSession();
    const { stderr } = await session.run('login', 'acme', '--email', 'me@example.com');
    expect(stderr).toBe(`warning: ${REGISTRY} is plain HTTP; others on the way can read the key.\n`);
  });
});

describe('skills logout', () => {
  it('forgets the key and says that it stays valid', async () => {
    const session = await hubSession();
    await session.run('login', 'acme', '--email', 'me@example.com');
    const token = (await stored(session)).registries[REGISTRY]?.token ?? '';
    const { code, stdout } = await session.run('logout');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('The registry still accepts it until it is revoked there.'),
    ]);
    expect((await stored(session)).registries[REGISTRY]).toEqual({});
    const { code: refused, stderr } = await session.run('whoami');
    expect([refused, stderr]).toEqual([4, expect.stringContaining('fix: ')]);
    expect((await session.world.fetch('/v1/whoami', { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
  });
});

describe('a stored key', () => {
  it('is named with its place when the registry does not take it, as is SKILLS_TOKEN', async () => {
    const session = await hubSession();
    await session.run('login', 'acme', '--email', 'me@example.com');
    const elsewhere = await hubSession({ home: session.home });
    const path = join(session.home, '.skills/config.json');
    expect(await elsewhere.run('search')).toMatchObject({
      code: 4,
      stderr: `error: This API key is unknown or revoked. It is the key of acme in ${path}.\nfix: Run \`skills login acme\` for a new one, or \`skills logout\`.\n`,
    });
    const inEnv = await hubSession({ env: { SKILLS_TOKEN: 'skh_wrong' } });
    expect(await inEnv.run('whoami')).toMatchObject({
      code: 4,
      stderr:
        'error: This API key is unknown or revoked. It is the key in SKILLS_TOKEN.\nfix: Unset SKILLS_TOKEN, or put a valid key into it.\n',
    });
    expect((await (await hubSession()).run('whoami')).stderr).toBe(
      'error: This needs an API key.\nfix: Run `skills login <namespace>`, or set SKILLS_TOKEN.\n',
    );
  });

  it('goes to its own registry only', async () => {
    const session = await hubSession();
    await session.run('login', 'acme', '--email', 'me@example.com');
    session.sent.length = 0;
    await session.run('search', '--registry', 'http://other.test');
    await session.run('search', '--registry', 'https://hub.test');
    await session.run('search');
    expect(session.sent.map(({ url, headers }) => [new URL(url).origin, 'authorization' in headers])).toEqual([
      ['http://other.test', false],
      ['https://hub.test', false],
      [REGISTRY, true],
    ]);
  });
});
