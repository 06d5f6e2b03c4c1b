import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { commandNames, newSession } from './terminal-session.ts';

const ESCAPE = '\u{1b}';
describe('skills', () => {
  it('tells its version', async () => {
    const { run } = await newSession();
    expect(await run('--version')).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  it.each([[[]], [['--help']], [['help']]])('lists its commands for %j', async (argv) => {
    const { run } = await newSession();
    const { code, stdout } = await run(...argv);
    expect(code).toBe(0);
    expect(commandNames).toContain('install');
    for (const name of commandNames) expect(stdout).toContain(`skills ${name} `);
  });

  it.each(commandNames)('explains %s with an example', async (name) => {
    const { run } = await newSession();
    const words = name.split(' ');
    const { code, stdout } = await run(...words, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`$ skills ${name}`);
    expect(stdout).toContain('Examples');
    expect(stdout).not.toContain('#0');
    expect(await run('help', ...words)).toEqual({ code, stdout, stderr: '' });
  });

  it.each(['token', 'cache', 'owner'])('lists the commands of %s, a line each', async (word) => {
    const { run } = await newSession();
    const { code, stdout } = await run(word, '--help');
    const family = commandNames.filter((name) => name.startsWith(`${word} `));
    expect(family.length).toBeGreaterThan(1);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('  skills '))).toEqual(
      family.sort().map((name) => expect.stringMatching(new RegExp(`^  skills ${name} +\\S`))),
    );
    expect(stdout).toContain(`skills ${word} <command> --help`);
    expect(stdout).not.toContain('Exit codes');
    expect(await run('help', word)).toEqual({ code, stdout, stderr: '' });
  });

  it('knows what was meant', async () => {
    const { run } = await newSession();
    expect(await run('instal', 'x')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "error: There is no command 'instal'.\nfix: Did you mean `skills install`? See all commands: skills --help\n",
    });
    expect((await run('instal', '--help')).code).toBe(2);
    expect((await run('frobnicate')).stderr).toBe(
      "error: There is no command 'frobnicate'.\nfix: See the commands: skills --help\n",
    );
  });

  it.each([
    [['--nope'], 'Unsupported option name ("--nope").', 'skills --help'],
    [['--registry', 'http://hub.test', 'info'], 'Not enough positional arguments.', 'skills info --help'],
    [['uninstall'], 'Not enough positional arguments.', 'skills uninstall --help'],
    [['search', '--nope'], 'Unsupported option name ("--nope").', 'skills search --help'],
    [['install', 'acme/pdf-tools', '--jsonn'], 'Unsupported option name ("--jsonn").', 'Did you mean --json? See'],
    [['install', 'acme/pdf-tools', '--globl=1'], 'Unsupported option name ("--globl").', 'Did you mean --global? See'],
    [['search', '--page', '0'], '--page 0 is not a number from 1 to 1000.', 'Give one, such as --page 2.'],
    [['yank', 'acme/pdf-tools'], "'acme/pdf-tools' does not name one version.", '@namespace/name@1.2.3'],
    [['yank', '@acme/pdf-tools@^1'], "'@acme/pdf-tools@^1' does not name one version.", '@namespace/name@1.2.3'],
    [['whoami', '--registry', 'hub'], "'hub' is not the address of a registry.", 'https://skills.example.com'],
    [['serve', '--port', '99999'], "'99999' is not a port.", 'a number from 0 to 65535'],
  ])('answers the wrong usage %j with exit code 2', async (argv, message, fix) => {
    const session = await newSession();
    const { code, stdout, stderr } = await session.run(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toMatch(/\nfix: /);
    expect(stderr).toContain(fix);
    const failed = await session.json(...argv);
    expect(failed).toEqual({
      code: 2,
      document: { error: { code: 'usage', message, fix: expect.stringContaining(fix) } },
      stderr: '',
    });
  });

  it('shows the stack of a bug with --debug only', async () => {
    const session = await newSession({ startHub: async () => Promise.reject(new TypeError('oops')) });
    const plain = await session.run('serve');
    expect(plain).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: Unexpected: oops\nfix: Run it again with --debug, and report what it prints.\n',
    });
    expect((await session.run('serve', '--debug')).stderr).toContain('TypeError: oops\n    at ');
  });

  it('shows no control characters in a stack', async () => {
    const session = await newSession({ startHub: async () => Promise.reject(new TypeError(`a${ESCAPE}]0;b\u{7}c`)) });
    expect((await session.run('serve', '--debug')).stderr).toContain('TypeError: a]0;bc\n    at ');
  });

  it('uses colours on a terminal, unless NO_COLOR asks not to', async () => {
    const terminal = { stdin: false, stdout: true, stderr: true };
    const inTerminal = await newSession({ terminal, colorDepth: 8 });
    expect((await inTerminal.run('validate', '.')).stderr).toContain(`${ESCAPE}[31merror:`);
    const noColour = await newSession({ terminal, colorDepth: 8, env: { NO_COLOR: '1' } });
    expect((await noColour.run('validate', '.')).stderr).not.toContain(ESCAPE);
    const pipe = await newSession({ colorDepth: 8 });
    expect((await pipe.run('validate', '.')).stderr).not.toContain(ESCAPE);
    expect((await pipe.run('--help')).stdout).not.toContain(ESCAPE);
  });
});
