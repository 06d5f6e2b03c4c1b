import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newSession, type Session } from './terminal-session.ts';

const HUB = 'https://hub.acme.example';

async function sessionWith(config: object = {}, env: Record<string, string> = {}) {
  const session = await newSession({ env });
  const path = join(session.home, '.skills/config.json');
  await mkdir(join(session.home, '.skills'), { recursive: true });
  await writeFile(path, JSON.stringify(config));
  return { ...session, path, stored: async () => JSON.parse(await readFile(path, 'utf8')) };
}

const usage = (session: Session, ...argv: string[]) => session.json(...argv);

describe('skills config', () => {
  it.each([
    ['registry', 'HTTPS://Hub.Acme.example/', HUB, { registry: HUB }],
    ['namespaces.@acme', `${HUB}/v1`, HUB, { namespaces: { '@acme': HUB } }],
    ['namespaces.acme', HUB, HUB, { namespaces: { '@acme': HUB } }],
    ['proxy', 'http://proxy.example:3128', 'http://proxy.example:3128', { proxy: 'http://proxy.example:3128' }],
    ['no-proxy', 'a.example, .b.example:80', 'a.example,.b.example:80', { noProxy: 'a.example,.b.example:80' }],
  ])('sets, shows and takes away %s', async (key, text, value, stored) => {
    const session = await sessionWith({ registries: { x: { token: 'skh_secret' } } });
    const named = key.replace('.acme', '.@acme');
    expect(await session.run('config', 'set', key, text)).toMatchObject({
      code: 0,
      stdout: `${named} is ${value} now.\n`,
    });
    expect(await session.stored()).toEqual({ registries: { x: { token: 'skh_secret' } }, ...stored });
    expect(await session.run('config', 'get', key)).toEqual({ code: 0, stdout: `${value}\n`, stderr: '' });
    expect(await session.json('config', 'get', key)).toMatchObject({ document: { key: named, value } });
    expect(await session.json('config', 'list')).toEqual({
      code: 0,
      document: { path: session.path, settings: { [named]: value } },
      stderr: '',
    });
    expect((await session.json('config', 'unset', key)).document).toMatchObject({ key: named, was_set: true });
    expect(await session.run('config', 'unset', key)).toMatchObject({ code: 0, stdout: `${named} was not set.\n` });
    expect(await session.json('config', 'get', key)).toMatchObject({
      code: 1,
      document: { error: { code: 'not_set', message: `${named} is not set in ${session.path}.` } },
    });
    expect(await session.run('config', 'list')).toEqual({
      code: 0,
      stdout: '',
      stderr: `Nothing is set in ${session.path}.\n`,
    });
  });

  it('never shows a key, nor the password of a proxy', async () => {
    const session = await sessionWith({
      registry: HUB,
      registries: { [HUB]: { token: 'skh_secret', namespace: 'acme' } },
    });
    const set = await session.run('config', 'set', 'proxy', 'http://ada:s3cret@proxy.example:3128');
    expect((await session.stored()).proxy).toBe('http://ada:s3cret@proxy.example:3128');
    const shown = [
      set,
      await session.run('config', 'list'),
      await session.run('config', 'get', 'proxy'),
      await session.run('config', 'list', '--json'),
      await session.run('registry', 'list', '--json'),
    ];
    expect(JSON.stringify(shown)).not.toMatch(/s3cret|skh_secret/);
    expect(shown[1]?.stdout).toBe(`registry  ${HUB}\nproxy     http://***@proxy.example:3128\n`);
  });

  it.each([
    [['get', 'registri'], "There is no setting 'registri'.", 'Did you mean registry?'],
    [['set', 'noproxy', 'x'], "There is no setting 'noproxy'.", 'Did you mean no-proxy?'],
    [
      ['get', 'colour'],
      "There is no setting 'colour'.",
      'There are registry, proxy, no-proxy, namespaces.@<namespace>.',
    ],
    [
      ['get', 'token'],
      "'token' is nothing that config shows or sets.",
      'Use `skills login`, `skills logout` and `skills whoami`.',
    ],
    [
      ['set', 'registry', 'hub'],
      "'hub' is not the address of a registry.",
      'Write it like https://skills.example.com.',
    ],
    [['set', 'proxy', 'proxy'], 'This is not the address of a proxy.', 'Write it like http://proxy.example:3128.'],
    [['set', 'no-proxy', 'a/b'], "'a/b' is not a list of hosts.", 'Write it like hub.acme.example,.internal.example'],
    [
      ['set', 'namespaces.@A', HUB],
      "'@A' is not a namespace: namespace 'A' is 1 characters long; it must be 3 to 32.",
      'Write it like @acme.',
    ],
  ])('%j is wrong usage', async (argv, message, fix) => {
    const session = await sessionWith();
    expect(await usage(session, 'config', ...argv)).toEqual({
      code: 2,
      document: { error: { code: 'usage', message, fix } },
      stderr: '',
    });
    expect(await session.stored()).toEqual({});
  });
});

describe('skills registry', () => {
  it('adds, lists, uses and removes', async () => {
    const session = await sessionWith({
      registries: { [HUB]: { token: 'skh_secret', namespace: 'acme', keys: { k1: 'x' } } },
    });
    expect(await session.run('registry', 'add', `${HUB}/`, '--namespace', '@acme', '--namespace', 'acme-labs')).toEqual(
      {
        code: 0,
        stdout: `@acme, @acme-labs will be asked at ${HUB} only.\n`,
        stderr: '',
      },
    );
    await session.run('registry', 'add', 'http://other.example', '--default');
    await writeFile(join(session.cwd, 'skills.json'), '{"registries":{"@team":"https://team.example"}}');
    expect(await session.json('registry', 'list')).toEqual({
      code: 0,
      stderr: '',
      document: {
        default: 'http://other.example',
        default_from: 'configuration',
        registries: [
          { registry: 'http://other.example', default: true, namespaces: [], trusted_keys: [] },
          {
            registry: HUB,
            default: false,
            namespaces: [
              { namespace: '@acme', place: 'user' },
              { namespace: '@acme-labs', place: 'user' },
            ],
            logged_in_as: 'acme',
            trusted_keys: ['k1'],
          },
          {
            registry: 'https://team.example',
            default: false,
            namespaces: [{ namespace: '@team', place: 'project' }],
            trusted_keys: [],
          },
        ],
      },
    });
    expect((await session.run('registry', 'list')).stdout).toBe(
      [
        '* http://other.example',
        `  ${HUB}  @acme, @acme-labs  logged in as acme`,
        '  https://team.example      @team (project)',
        '',
      ].join('\n'),
    );
    expect((await session.run('registry', 'use', HUB)).stdout).toBe(`${HUB} is now the registry that commands use.\n`);
    expect(await session.json('registry', 'remove', '@acme-labs')).toMatchObject({
      code: 0,
      document: { registry: HUB, namespaces: ['@acme-labs'], token_forgotten: false },
    });
    expect((await session.run('registry', 'remove', HUB)).stdout).toBe(
      `${HUB} is forgotten, and with it that @acme are there.\n` +
        'Its key is forgotten, too; the registry still accepts it until it is revoked there.\n' +
        'It was the registry that commands use. Choose another: skills registry use <address>\n',
    );
    expect(await session.stored()).toEqual({ registries: { 'http://other.example': {} }, namespaces: {} });
  });

  it('does not give a namespace to two registries', async () => {
    const session = await sessionWith({ namespaces: { '@acme': HUB } });
    expect(await session.json('registry', 'add', 'https://evil.example', '--namespace', 'acme')).toEqual({
      code: 1,
      stderr: '',
      document: {
        error: {
          code: 'namespace_mapped',
          message: `@acme belongs to ${HUB} already, as ${session.path} says.`,
          fix: 'Take it away first: skills registry remove @acme',
        },
      },
    });
    expect(await session.stored()).toEqual({ namespaces: { '@acme': HUB } });
  });

  it.each([
    [['remove', '@acne'], 'gives @acne to no registry.', 'Did you mean @acme?'],
    [['remove', 'https://hub.acne.example'], 'https://hub.acne.example is not known in', `Did you mean ${HUB}?`],
    [['remove', 'https://x.example'], 'https://x.example is not known in', 'See what is known: skills registry list'],
  ])('knows what was meant by %j', async (argv, message, fix) => {
    const session = await sessionWith({ namespaces: { '@acme': HUB }, registries: { [HUB]: {} } });
    expect(await session.json('registry', ...argv)).toMatchObject({
      code: 1,
      document: { error: { code: 'not_found', message: expect.stringContaining(message), fix } },
    });
  });

  it('warns of what others can read, and of what goes before', async () => {
    const session = await sessionWith({}, { SKILLS_REGISTRY: HUB });
    expect((await session.run('registry', 'add', 'http://hub.example')).stderr).toBe(
      'warning: http://hub.example is plain HTTP; others on the way can read the key.\n',
    );
    expect((await session.run('registry', 'use', 'https://b.example')).stderr).toBe(
      'note: SKILLS_REGISTRY is set, and goes before it.\n',
    );
    expect((await session.json('registry', 'list')).document).toMatchObject({ default_from: 'SKILLS_REGISTRY' });
  });

  it.each([
    [['registry'], "'registry' is not a whole command.", '`skills registry add`'],
    [['registry', 'lst'], "There is no command 'registry lst'.", 'Did you mean `skills registry list`?'],
    [['registry', 'frobnicate'], "There is no command 'registry frobnicate'.", 'or `skills registry use`.'],
  ])('%j is no command', async (argv, message, fix) => {
    const session = await newSession();
    expect(await session.json(...argv)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message, fix: expect.stringContaining(fix) } },
    });
  });
});
