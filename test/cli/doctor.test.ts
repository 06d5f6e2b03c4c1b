import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { examineNode } from '../../cli/doctor/machine.ts';
import { configure, type DoctorHub, doctor, doctorHub, REGISTRY } from './doctor-hub.ts';

let hub: DoctorHub;

beforeAll(async () => {
  hub = await doctorHub();
});

describe('skills doctor', () => {
  it('finds nothing wrong with a set-up that works', async () => {
    const working = await hub.installed({ env: { SKILLS_TOKEN: hub.key } });
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
    const working = await hub.session();
    const { code, stdout, stderr } = await working.run('doctor');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      `✓ home: ${join(working.home, '.skills')} is not there yet; it will be made when it is needed.\n`,
    );
    expect(stdout).toContain(`✓ login: No key is stored for ${REGISTRY}; reading needs none.\n`);
    expect(stdout).toMatch(/\nNothing is wrong\.\n$/);
  });

  it('asks no registry when it may not', async () => {
    const working = await hub.session();
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
    const working = await hub.session();
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
    const working = await hub.session();
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
    const working = await hub.session();
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
    const { checks } = await doctor(await hub.session({ env }), '--offline');
    expect(checks.filter(({ subject }) => subject === 'proxy')).toMatchObject([{ status, message }]);
  });
});
