import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_ACTS } from '../../cli/admin-acts.ts';
import { AGENTS } from '../../cli/agents/table.ts';
import { ABOUT_INSTALLED, VALUES } from '../../cli/completion/candidates.ts';
import { completionLevels } from '../../cli/completion/model.ts';
import { COMMANDS } from '../../cli/program.ts';
import { describeCommands } from '../../cli/reference/describe.ts';
import { writeFiles } from './files.ts';
import { newSession, type Session } from './terminal-session.ts';

const run = promisify(execFile);
const isThere = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

const infos = describeCommands(COMMANDS);
const firstWords = [
  ...new Set(['help', ...infos.flatMap(({ names }) => names.map((name) => name.split(' ')[0] ?? ''))]),
];
const agents = AGENTS.map(({ name }) => name);

const QUOTE = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** How to ask each shell what it would offer for a line whose last word is being written. */
const ASK: Record<string, (words: string[]) => { program: string; args: string[] }> = {
  bash: (words) => ({
    program: 'bash',
    args: [
      '--norc',
      '-c',
      `source ./script; COMP_WORDS=(${words.map(QUOTE).join(' ')}); COMP_CWORD=${words.length - 1}; _skills; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
  }),
  // The functions of the completion system itself need a terminal: these say what they were given.
  zsh: (words) => ({
    program: 'zsh',
    args: [
      '-f',
      '-c',
      `compdef() { :; }; _files() { :; }
       offer() { local each; for each in "$@"; do [[ $each == "\${words[CURRENT]}"* ]] && print -r -- "\${each%%:*}"; done; return 0; }
       compadd() { offer "\${(@P)2}"; }
       _describe() { offer "\${(@P)@[-1]}"; }
       source ./script; words=(${words.map(QUOTE).join(' ')}); CURRENT=${words.length}; _skills`,
    ],
  }),
  fish: (words) => ({ program: 'fish', args: ['-N', '-c', `source ./script; complete -C ${QUOTE(words.join(' '))}`] }),
};

for (const shell of Object.keys(ASK)) {
  describe.skipIf(!isThere(shell))(`completion in ${shell}`, () => {
    let session: Session;
    const ask = async (...words: string[]) => {
      await writeFile(join(session.cwd, 'script'), (await session.run('completion', shell)).stdout);
      const { program, args } = ASK[shell]?.(['skills', ...words]) ?? { program: '', args: [] };
      const env = { PATH: process.env.PATH, HOME: session.home, TERM: 'dumb' };
      const { stdout, stderr } = await run(program, args, { cwd: session.cwd, env });
      expect(stderr).toBe('');
      const offered = stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
      return [...new Set(offered.filter((word) => word !== ''))].sort();
    };

    beforeAll(() => expect(agents).toContain('claude-code'));

    it('offers commands and options', async () => {
      session = await newSession();
      expect(await ask('')).toEqual([...firstWords].sort());
      expect(await ask('vers')).toEqual([]);
      expect(await ask('valid')).toEqual(['validate']);
      expect(await ask('--v')).toEqual(['--version']);
      expect(await ask('help', 'valid')).toEqual(['validate']);
      const { options } = infos.find(({ names }) => names.includes('publish')) ?? { options: [] };
      const names = [...options.flatMap((option) => option.names), '--help'].filter((name) => name.startsWith('--'));
      expect(await ask('publish', '--')).toEqual([...names].sort());
      expect(await ask('publish', 'folder', '--registry', 'http://hub.test', '--pri')).toEqual(['--private']);
    });

    it('offers the words of a family, and the values of options and arguments', async () => {
      session = await newSession();
      const members = infos.flatMap(({ names }) => names.filter((name) => name.startsWith('token ')));
      expect(members).toContain('token create');
      expect(await ask('token', '')).toEqual(members.map((name) => name.slice('token '.length)).sort());
      expect(await ask('token', 'create', '--lab')).toEqual(['--label']);
      expect(await ask('completion', 'f')).toEqual(['fish']);
      expect(await ask('key', '')).toEqual(['add', 'list', 'remove']);
      expect(await ask('admin', '')).toEqual([...ADMIN_ACTS].sort());
      expect(await ask('install', '--agent', 'claude')).toEqual(['claude-code']);
    });

    it('offers installed skills, and runs nothing that stands in their names', async () => {
      session = await newSession();
      await writeFiles(session.cwd, {
        'skills.lock': '{}',
        '.agents/skills/pdf-tools/SKILL.md': '',
        '.agents/skills/pdf-merge/SKILL.md': '',
        '.agents/skills/csv/SKILL.md': '',
        '.agents/skills/p$(touch hit)/SKILL.md': '',
        '.agents/skills/p`touch hit`/SKILL.md': '',
      });
      await writeFiles(session.home, { '.skills/pdf-global/1.0.0/SKILL.md': '', '.skills/.cache/x': '' });
      expect(await ask('verify', 'p')).toEqual(['pdf-merge', 'pdf-tools']);
      expect(await ask('verify', 'csv', 'pdf-t')).toEqual(['pdf-tools']);
      expect(await ask('verify', '-g', '')).toEqual(['pdf-global']);
      expect(existsSync(join(session.cwd, 'hit'))).toBe(false);
    });
  });
}

describe('skills completion', () => {
  it('has one place for every line', () => {
    const lines = completionLevels(COMMANDS, agents).flatMap((level) => level.lines);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('has a script for PowerShell with all commands', async () => {
    const { code, stdout } = await (await newSession()).run('completion', 'powershell');
    expect(code).toBe(0);
    for (const word of firstWords) expect(stdout).toContain(`'${word}'`);
  });

  it('answers with the script in JSON, and refuses shells it does not know', async () => {
    const { json } = await newSession();
    expect((await json('completion', 'bash')).document).toEqual({
      shell: 'bash',
      script: expect.stringContaining('complete -o bashdefault -o default -F _skills skills'),
    });
    expect(await json('completion', 'csh')).toMatchObject({
      code: 2,
      document: {
        error: { message: "There is no completion for 'csh'.", fix: 'Use one of bash, zsh, fish, powershell.' },
      },
    });
  });

  it('knows every command', () => {
    const names = infos.flatMap((info) => info.names);
    for (const name of ABOUT_INSTALLED) expect(names).toContain(name);
    for (const option of Object.keys(VALUES)) {
      expect(infos.flatMap(({ options }) => options.flatMap((one) => one.names))).toContain(option);
    }
    for (const { names } of infos) for (const name of names) expect(name).toMatch(/^[a-z][a-z-]*( [a-z][a-z-]*)?$/);
  });
});
