import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { examineNode } from '../../cli/doctor/machine.ts';
import { newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { type HubSession, hubSession, type Tamper } from './hub.ts';

const REGISTRY = 'https://hub.test';

interface Report {
  healthy: boolean;
  checks: { subject: string; status: string; message: string; fix?: string }[];
}

let world: World;
let key: string;

beforeAll(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world));
  await publish(world, key);
});

const session = ({ env, ...options }: Parameters<typeof hubSession>[0] = {}) =>
  hubSession({ world, ...options, env: { SKILLS_REGISTRY: REGISTRY, ...env } });

async function doctor(session: HubSession, ...argv: string[]) {
  const { code, document } = await session.json('doctor', ...argv);
  const { healthy, checks } = document as Report;
  const bad = checks.filter(({ status }) => status !== 'ok');
  return { code, healthy, checks, bad };
}

async function configure({ home }: HubSession, config: object, mode = 0o600): Promise<string> {
  const path = join(home, '.skills/config.json');
  await mkdir(join(home, '.skills'), { recursive: true, mode: 0o700 });
  const before = JSON.parse(await readFile(path, 'utf8').catch(() => '{}'));
  await writeFile(path, JSON.stringify({ ...before, ...config }));
  await chmod(path, mode);
  return path;
}

/** A session with a project that has the skill, and a Claude Code that sees it. */
async function installed(options: Parameters<typeof hubSession>[0] = {}) {
  const working = await session(options);
  await mkdir(join(working.cwd, '.claude'));
  expect((await working.run('install', '@acme/pdf-tools')).code).toBe(0);
  return working;
}

describe('skills doctor', () => {
  it('finds nothing wrong with a set-up that works', async () => {
    const working = await installed({ env: { SKILLS_TOKEN: key } });
    const { code, healthy, checks, bad } = await doctor(working);
    expect(bad).toEqual([]);
    expect([code, healthy]).toEqual([0, true]);
    expect(checks.map(({ subject, message }) => [subject, message])).toEqual([
      ['node', `Node.js ${process.versions.node} is new enough (>=22.12).`],
      ['home', `${join(working.home, '.skills')} is writable, and readable for you alone.`],
      ['configuration', `${join(working.home, '.skills/config.json')} can be read.`],
      ['proxy', 'No proxy is set.'],
      ['registry', `${REGISTRY} works.`],
      ['keys', expect.stringMatching(/^https:\/\/hub\.test signs with a key that is trusted: \S+\.$/)],
      ['login', `Logged in to ${REGISTRY} as acme.`],
      ['skills', `1 skill is installed in ${working.cwd}.`],
      ['skills', `0 skills are installed in ${join(working.home, '.skills')}.`],
    ]);
  });

  it('says so to people, and needs nothing to be there yet', async () => {
    const working = await session();
    const { code, stdout, stderr } = await working.run('doctor');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      `✓ home: ${join(working.home, '.skills')} is not there yet; it will be made when it is needed.\n`,
    );
    expect(stdout).toContain(`✓ login: No key is stored for ${REGISTRY}; reading needs none.\n`);
    expect(stdout).toMatch(/\nNothing is wrong\.\n$/);
  });

  it('asks no registry when it may not', async () => {
    const working = await session();
    expect((await doctor(working, '--offline')).code).toBe(0);
    expect(working.sent).toEqual([]);
  });
});

describe('this machine', () => {
  it.each([
    ['20.19.0', 'problem', 'Node.js 20.19.0 is not what this program is made for (>=22.12).'],
    ['22.11.0', 'problem', 'Node.js 22.11.0 is not what this program is made for (>=22.12).'],
    ['22.12.0', 'ok', 'Node.js 22.12.0 is new enough (>=22.12).'],
  ])('with Node.js %s is a %s', async (version, status, message) => {
    const packagePath = join(import.meta.dirname, '../..');
    expect(await examineNode({ env: {}, home: '', packagePath }, version)).toMatchObject([{ status, message }]);
  });

  it('lets others look at keys', async () => {
    const working = await session();
    const path = await configure(working, {}, 0o644);
    await chmod(join(working.home, '.skills'), 0o755);
    const home = join(working.home, '.skills');
    const { code, bad } = await doctor(working, '--offline');
    expect([code, bad]).toEqual([
      1,
      [
        {
          subject: 'home',
          status: 'problem',
          message: `Others on this machine may look into ${home}.`,
          fix: `chmod 700 ${home}`,
        },
        {
          subject: 'home',
          status: 'problem',
          message: `Others on this machine may look into ${path}.`,
          fix: `chmod 600 ${path}`,
        },
      ],
    ]);
  });

  it('has a damaged configuration: then nothing else is known', async () => {
    const working = await session();
    const path = await configure(working, {});
    await writeFile(path, '{');
    const { stdout } = await working.run('doctor');
    expect(stdout).toContain(
      `✗ configuration: ${path} is damaged.\n  fix: Correct it, or remove it and log in again.\n`,
    );
    expect(stdout).toMatch(/\n1 problem, 0 warnings\.\n$/);
    expect(working.sent).toEqual([]);
  });

  it('has locks of killed commands, and of those at work', async () => {
    const working = await session();
    await configure(working, {});
    const locks = join(working.home, '.skills/.locks');
    await mkdir(locks);
    await writeFile(join(locks, 'user.lock'), '999999999');
    await writeFile(join(working.home, '.skills/checkpoints.lock'), String(process.pid));
    expect(await doctor(working, '--offline')).toMatchObject({
      code: 0,
      bad: [
        {
          status: 'warning',
          message: `Process ${process.pid} holds ${join(working.home, '.skills/checkpoints.lock')}.`,
          fix: 'Wait for it to end.',
        },
        {
          status: 'warning',
          message: `A command that was killed left ${join(locks, 'user.lock')}.`,
          fix: `rm ${join(locks, 'user.lock')}`,
        },
      ],
    });
  });

  it.each([
    [
      { HTTPS_PROXY: 'http://ada:s3cret@p.example:3128', NO_PROXY: 'hub.test' },
      'ok',
      'Requests go through http://***@p.example:3128 (HTTPS_PROXY) but for hub.test.',
    ],
    [{ ALL_PROXY: 'socks5://p.example' }, 'warning', 'ALL_PROXY is not used.'],
    [{ HTTP_PROXY: 'p.example' }, 'problem', 'What HTTP_PROXY names as a proxy is not the address of a proxy.'],
  ])('goes through a proxy: %j', async (env, status, message) => {
    const { checks } = await doctor(await session({ env }), '--offline');
    expect(checks.filter(({ subject }) => subject === 'proxy')).toMatchObject([{ status, message }]);
  });
});

describe('a registry', () => {
  const answering =
    (path: string, answer: (response: Response) => Response): Tamper =>
    (asked, response) =>
      asked === path ? answer(response) : response;
  const at = (date: string) =>
    answering('/v1/health', (response) => new Response(response.body, { headers: { date } }));

  it.each([
    [
      'that is down',
      () => Promise.reject(new TypeError('fetch failed', { cause: new Error('no route') })),
      `The registry ${REGISTRY} cannot be reached: no route.`,
    ],
    [
      'that fails',
      () => Response.json({ status: 'failing', database: 'failing', bundles: 'ok', queue: 'unknown' }, { status: 503 }),
      `The registry ${REGISTRY} answered with HTTP 503.`,
    ],
    [
      'that is something else',
      () => new Response('<html>'),
      `${REGISTRY} does not tell its health as a Skills Hub does.`,
    ],
  ] as const)('%s is a problem', async (_, tamper, message) => {
    const { code, bad } = await doctor(await session({ tamper }));
    expect([code, bad]).toMatchObject([
      1,
      [{ subject: 'registry', status: 'problem', message, fix: expect.any(String) }],
    ]);
  });

  it('whose jobs are late is worth a warning', async () => {
    const health = { status: 'degraded', database: 'ok', bundles: 'ok', queue: 'late' };
    const tamper = answering('/v1/health', () => Response.json(health));
    expect(await doctor(await session({ tamper }))).toMatchObject({
      code: 0,
      bad: [{ status: 'warning', message: `${REGISTRY} answers, but its jobs are late.` }],
    });
  });

  it.each([
    ['Thu, 01 Jan 2026 00:00:20 GMT', 0, 'ok', `The clocks here and of ${REGISTRY} agree.`],
    ['Thu, 01 Jan 2026 00:01:10 GMT', 0, 'warning', `The clock here is 1 minute behind that of ${REGISTRY}.`],
    ['Wed, 31 Dec 2025 22:00:00 GMT', 1, 'problem', `The clock here is 120 minutes ahead of that of ${REGISTRY}.`],
  ])('that says it is %s', async (date, exitCode, status, message) => {
    const { code, checks } = await doctor(await session({ tamper: at(date) }));
    expect(code).toBe(exitCode);
    expect(checks.filter(({ subject }) => subject === 'clock')).toMatchObject([{ status, message }]);
  });

  it('that others can listen to is worth a warning', async () => {
    const working = await session();
    expect(await doctor(working, '--registry', 'http://hub.example')).toMatchObject({
      code: 0,
      bad: [{ subject: 'registry', status: 'warning', fix: 'Use https://, if the registry has it.' }],
    });
  });

  it('that has another key than before is a problem', async () => {
    const working = await installed();
    const { registries } = JSON.parse(await readFile(join(working.home, '.skills/config.json'), 'utf8'));
    const [[kid = '', pem] = []] = Object.entries(registries[REGISTRY].keys);
    await configure(working, { registries: { [REGISTRY]: { keys: { old: pem } } } });
    expect(await doctor(working)).toMatchObject({
      code: 1,
      bad: [
        {
          subject: 'keys',
          status: 'problem',
          message: `${REGISTRY} signs with the key ${kid} now, which is not trusted.`,
        },
      ],
    });
    await configure(working, { registries: { [REGISTRY]: { keys: { [kid]: 'another' } } } });
    expect(await doctor(working)).toMatchObject({
      code: 1,
      bad: [
        {
          subject: 'keys',
          status: 'problem',
          message: `The registry's key changed: ${REGISTRY} shows another key under the id '${kid}' than before.`,
        },
      ],
    });
  });

  it('that does not know the stored key any more is a problem', async () => {
    const working = await session();
    await configure(working, { registries: { [REGISTRY]: { token: `skh_${'0'.repeat(64)}`, namespace: 'acme' } } });
    const { code, bad } = await doctor(working);
    expect([code, bad]).toMatchObject([
      1,
      [
        {
          subject: 'login',
          status: 'problem',
          message: expect.stringMatching(
            /^This API key is unknown or revoked\. It is the key of acme in .*config\.json\.$/,
          ),
          fix: 'Run `skills login acme` for a new one, or `skills logout`.',
        },
      ],
    ]);
    expect(JSON.stringify(bad)).not.toContain('skh_');
  });

  it('whose key expires soon is worth a warning', async () => {
    const made = await postJson(
      world,
      '/v1/keys?namespace=acme',
      { label: 'ci', expires_in: 3 * 24 * 3600 },
      { authorization: `Bearer ${key}` },
    );
    const { api_key: token } = await made.json<{ api_key: string }>();
    const working = await session({ env: { SKILLS_TOKEN: token } });
    const { code, bad } = await doctor(working);
    expect([code, bad]).toMatchObject([
      0,
      [{ subject: 'login', status: 'warning', fix: 'Make a new one: skills token create' }],
    ]);
  });

  it('is looked at whenever something belongs to it', async () => {
    const other = 'http://127.0.0.1:9999';
    const working = await session();
    await configure(working, { namespaces: { '@acme': other }, registries: { 'http://127.0.0.1:8': {} } });
    const { checks } = await doctor(working);
    expect(checks.filter(({ subject }) => subject === 'registry').map(({ message }) => message)).toEqual([
      `${REGISTRY} works.`,
      `${other} works.`,
    ]);
  });
});

describe('skills', () => {
  it('that the lock file does not fit are a problem', async () => {
    const working = await installed();
    await writeFile(join(working.cwd, 'skills.json'), '{"skills":{"@acme/pdf-tools":"^2.0.0"}}');
    expect(await doctor(working)).toMatchObject({
      code: 1,
      bad: [
        {
          subject: 'skills',
          status: 'problem',
          message: 'skills.lock does not fit: skills.json wants @acme/pdf-tools@^2.0.0, and it has 1.0.0.',
        },
      ],
    });
    await writeFile(join(working.cwd, 'skills.json'), '{');
    expect((await doctor(working)).bad).toMatchObject([
      { subject: 'skills', message: expect.stringContaining('is not JSON') },
    ]);
  });

  it('that are missing are a problem, and so are links to them', async () => {
    const working = await installed();
    await rm(join(working.cwd, '.agents/skills/pdf-tools'), { recursive: true });
    expect(await doctor(working)).toMatchObject({
      code: 1,
      bad: [
        {
          status: 'problem',
          message: 'The files of @acme/pdf-tools@1.0.0 are missing.',
          fix: 'Put them back: skills install',
        },
        { status: 'warning', message: `${join(working.cwd, '.claude/skills/pdf-tools')} leads nowhere.` },
      ],
    });
    expect((await working.run('install')).code).toBe(0);
    expect((await doctor(working)).bad).toEqual([]);
  });

  it('that were changed are a problem, also without the network', async () => {
    const working = await installed();
    const folder = join(working.cwd, '.agents/skills/pdf-tools');
    await writeFile(join(folder, 'more.md'), 'x');
    for (const offline of [[], ['--offline']]) {
      expect(await doctor(working, ...offline)).toMatchObject({
        code: 1,
        bad: [
          {
            subject: 'skills',
            status: 'problem',
            message: `The files in ${folder} are not those that were installed.`,
            fix: 'Install it again, which overwrites the changes: skills install @acme/pdf-tools@1.0.0',
          },
        ],
      });
    }
    expect((await working.run('install', '@acme/pdf-tools@1.0.0')).code).toBe(0);
    expect((await doctor(working)).bad).toEqual([]);
  });

  it('that agents do not see are a problem', async () => {
    const working = await installed();
    const link = join(working.cwd, '.claude/skills/pdf-tools');
    await rm(link);
    expect(await doctor(working)).toMatchObject({
      code: 1,
      bad: [
        {
          status: 'problem',
          message: `${link} does not lead to @acme/pdf-tools@1.0.0.`,
          fix: 'Put it right: skills install',
        },
      ],
    });
    expect((await working.run('install')).code).toBe(0);
    expect((await doctor(working)).bad).toEqual([]);
    await rm(link);
    await mkdir(link);
    expect((await doctor(working)).bad).toMatchObject([
      { message: `${link} exists, but was not installed by this program.` },
    ]);
  });

  it('of the user are looked at, too', async () => {
    const working = await session();
    expect((await working.run('install', '-g', 'pdf-tools')).code).toBe(0);
    const link = join(working.home, '.agents/skills/pdf-tools');
    await rm(link);
    await symlink(join(working.home, 'nowhere'), join(working.home, '.agents/skills/old'));
    expect((await doctor(working)).bad).toMatchObject([
      { status: 'problem', message: `${link} does not lead to @acme/pdf-tools@1.0.0.` },
      { status: 'warning', message: `${join(working.home, '.agents/skills/old')} leads nowhere.` },
    ]);
    expect((await working.run('install', '-g')).code).toBe(0);
    await rm(join(working.home, '.agents/skills/old'));
    expect((await doctor(working)).bad).toEqual([]);
  });

  it('that came from elsewhere before their namespace was given to a registry are a problem', async () => {
    const working = await installed();
    const hub = 'https://hub.acme.example';
    await configure(working, { namespaces: { '@acme': hub } });
    const { code, bad } = await doctor(working, '--offline');
    expect([code, bad]).toEqual([
      1,
      [
        {
          subject: 'skills',
          status: 'problem',
          message: `@acme/pdf-tools@1.0.0 came from ${REGISTRY}, but @acme belongs to ${hub}.`,
          fix: 'Do not use it. First: skills uninstall @acme/pdf-tools',
        },
      ],
    ]);
  });
});
