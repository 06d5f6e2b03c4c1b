import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { configure, type DoctorHub, doctor, doctorHub, REGISTRY } from './doctor-hub.ts';

let hub: DoctorHub;

beforeAll(async () => {
  hub = await doctorHub();
});

describe('skills', () => {
  it('that the lock file does not fit are a problem', async () => {
    const working = await hub.installed();
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
    const working = await hub.installed();
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
    const working = await hub.installed();
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
    const working = await hub.installed();
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
    const working = await hub.session();
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
    const working = await hub.installed();
    const owner = 'https://hub.acme.example';
    await configure(working, { namespaces: { '@acme': owner } });
    const { code, bad } = await doctor(working, '--offline');
    expect([code, bad]).toEqual([
      1,
      [
        {
          subject: 'skills',
          status: 'problem',
          message: `@acme/pdf-tools@1.0.0 came from ${REGISTRY}, but @acme belongs to ${owner}.`,
          fix: 'Do not use it. First: skills uninstall @acme/pdf-tools',
        },
      ],
    ]);
  });
});
