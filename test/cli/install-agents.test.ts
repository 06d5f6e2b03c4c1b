import { lstat, mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { AGENTS } from '../../cli/agents/table.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree, writeFiles } from './files.ts';
import { type HubSession, hubSession } from './hub.ts';

let world: World;
let session: HubSession;

beforeEach(async () => {
  world = await createWorld();
  const { key } = await newNamespace(world, 'acme');
  for (const version of ['1.0.0', '1.1.0']) await publish(world, key, { version });
  session = await hubSession({ world });
});

/** What the lock file says of agents. */
async function agents(file = join(session.cwd, 'skills.lock')): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8')).skills['@acme/pdf-tools'].agents;
}
const make = (...folders: string[]) => Promise.all(folders.map((path) => mkdir(path, { recursive: true })));
/** Where a skill is found besides the common place. */
async function seen(folder: string): Promise<string[]> {
  return (await tree(folder)).filter(
    (path) => path.endsWith('skills/pdf-tools') && !/^\.(agents|skills)\//.test(path) && path !== '.skills/pdf-tools',
  );
}

describe('agents of a project', () => {
  it('that are in use see the skill: those whose dot folder is there', async () => {
    await writeFiles(session.cwd, { '.goose': 'a file says nothing' });
    await make(...['.claude', '.windsurf', '.trae', 'skills', 'agent', 'data'].map((name) => join(session.cwd, name)));
    await session.run('install', 'pdf-tools');
    expect(await seen(session.cwd)).toEqual([
      '.claude/skills/pdf-tools',
      '.trae/skills/pdf-tools',
      '.windsurf/skills/pdf-tools',
    ]);
    expect(await agents()).toEqual(['claude-code', 'trae', 'trae-cn', 'windsurf']);
    expect(await realpath(join(session.cwd, '.claude/skills/pdf-tools'))).toBe(
      await realpath(join(session.cwd, '.agents/skills/pdf-tools')),
    );
  });

  it('that are named see it, also those that are not in use, and no others', async () => {
    await make(join(session.cwd, '.claude'));
    await session.run('install', 'pdf-tools', '-a', 'goose', '-a', 'openclaw', '-a', 'codex');
    expect(await seen(session.cwd)).toEqual(['.goose/skills/pdf-tools', 'skills/pdf-tools']);
    await session.run('install', 'pdf-tools', '--agent', 'claude-code');
    expect(await agents()).toEqual(['claude-code', 'goose', 'openclaw']);
    await session.run('uninstall', 'pdf-tools');
    expect(await seen(session.cwd)).toEqual([]);
  });

  it('are told of where they see the skill, once', async () => {
    const link = join(session.cwd, '.claude/skills/pdf-tools');
    const place = join(session.cwd, '.agents/skills/pdf-tools');
    const told = `  linked for claude-code: ${link}\n`;
    const first = await session.run('install', 'pdf-tools', '-a', 'claude-code');
    expect(first.stdout).toMatch(/^✓ @acme\/pdf-tools@/);
    expect(first.stdout.split('\n').slice(1).join('\n')).toBe(told);
    expect(first.stdout).toContain(` -> ${place}\n`);
    expect((await session.run('install')).stdout).toBe('All is installed: 1 skill.\n');
    const goose = join(session.cwd, '.goose/skills/pdf-tools');
    expect((await session.run('install', '-a', 'goose')).stdout).toBe(
      `  linked for goose: ${goose}\nAll is installed: 1 skill.\n`,
    );
  });

  it('are suggested by the beginning of their names', async () => {
    expect(await session.json('install', 'pdf-tools', '-a', 'claude')).toMatchObject({
      code: 2,
      document: { error: { message: "There is no agent 'claude'.", fix: 'Did you mean claude-code?' } },
    });
  });

  it('are remembered: a clone gets the same links, an update keeps them', async () => {
    await session.run('install', 'pdf-tools@^1.0.0', '-a', 'goose');
    const clone = await hubSession({ world });
    for (const file of ['skills.json', 'skills.lock'])
      await writeFiles(clone.cwd, { [file]: await readFile(join(session.cwd, file)) });
    await make(join(clone.cwd, '.claude'));
    await clone.run('ci');
    expect(await seen(clone.cwd)).toEqual(['.goose/skills/pdf-tools']);
    await clone.run('update');
    expect(await seen(clone.cwd)).toEqual(['.goose/skills/pdf-tools']);
  });

  it('are those that skills.json names, when nobody says otherwise', async () => {
    await make(join(session.cwd, '.claude'));
    await writeFiles(session.cwd, { 'skills.json': '{"agents": ["goose"]}' });
    await session.run('install', 'pdf-tools');
    expect(await seen(session.cwd)).toEqual(['.goose/skills/pdf-tools']);
  });

  it('get another one for all that is there with -a and no name', async () => {
    await session.run('install', 'pdf-tools');
    await session.run('install', '-a', 'goose');
    expect(await seen(session.cwd)).toEqual(['.goose/skills/pdf-tools']);
  });

  it('are all of the table with *', async () => {
    const { code } = await session.run('install', 'pdf-tools', '-a', '*');
    const folders = new Set(
      AGENTS.map(({ project }) => `${project}/pdf-tools`).filter((path) => !path.startsWith('.agents/')),
    );
    expect([code, await seen(session.cwd)]).toEqual([0, [...folders].sort()]);
    expect(folders.size).toBeGreaterThan(50);
  });

  it('get copies with --copy, which is remembered', async () => {
    await session.run('install', 'pdf-tools@1.0.0', '-a', 'goose', '--copy');
    await session.run('install', 'pdf-tools@1.1.0');
    const copy = join(session.cwd, '.goose/skills/pdf-tools');
    expect((await lstat(copy)).isDirectory()).toBe(true);
    expect(await readFile(join(copy, 'SKILL.md'), 'utf8')).toContain('1.1.0');
  });

  it.each([
    ['claude-cod', 'Did you mean claude-code?'],
    ['nobody-at-all', 'See which there are: skills install --help'],
  ])('%s is none', async (name, fix) => {
    expect(await session.json('install', 'pdf-tools', '-a', name)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message: `There is no agent '${name}'.`, fix } },
    });
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('keep what is theirs: a skill of their own under the same name stops the install', async () => {
    await writeFiles(session.cwd, { '.claude/skills/pdf-tools/SKILL.md': 'mine' });
    expect(await session.json('install', 'pdf-tools')).toMatchObject({
      code: 1,
      document: { error: { code: 'conflict', fix: 'Move it away, then install again.' } },
    });
    expect(await tree(session.cwd)).toEqual([
      '.claude',
      '.claude/skills',
      '.claude/skills/pdf-tools',
      '.claude/skills/pdf-tools/SKILL.md',
    ]);
  });
});

describe('a skill of their own under the same name', () => {
  const MINE = '.claude/skills/pdf-tools/SKILL.md';
  const refused = { code: 1, document: { error: { code: 'conflict', fix: 'Move it away, then install again.' } } };
  const mine = () => readFile(join(session.cwd, MINE), 'utf8');

  it('stops --copy as well', async () => {
    await writeFiles(session.cwd, { [MINE]: 'mine' });
    expect(await session.json('install', 'pdf-tools', '--copy')).toMatchObject(refused);
    expect(await mine()).toBe('mine');
  });

  it('stops an agent that gets a copy of what others have copies of', async () => {
    await session.run('install', 'pdf-tools', '-a', 'goose', '--copy');
    await writeFiles(session.cwd, { [MINE]: 'mine' });
    expect(await session.json('install', 'pdf-tools', '-a', 'claude-code', '--copy')).toMatchObject(refused);
    expect(await mine()).toBe('mine');
  });

  it('is ours where a copy was put: an edited one gives way to the next version', async () => {
    await session.run('install', 'pdf-tools@1.0.0', '-a', 'claude-code', '--copy');
    await writeFiles(session.cwd, { [MINE]: 'edited' });
    expect((await session.run('install', 'pdf-tools@1.1.0')).code).toBe(0);
    expect(await mine()).toContain('1.1.0');
  });
});

describe("the user's agents", () => {
  it('are those whose own folder is in the home directory', async () => {
    const { home } = session;
    await make(join(home, '.claude'), join(home, '.config/opencode'), join(home, '.gemini'));
    await session.run('install', '-g', 'pdf-tools');
    expect(await seen(home)).toEqual([
      '.claude/skills/pdf-tools',
      '.config/opencode/skills/pdf-tools',
      '.gemini/skills/pdf-tools',
    ]);
    const files = await realpath(join(home, '.skills/pdf-tools/1.1.0'));
    for (const path of ['.claude/skills/pdf-tools', '.agents/skills/pdf-tools'])
      expect(await realpath(join(home, path))).toBe(files);
    expect(await agents(join(home, '.skills/index.json'))).toEqual(['claude-code', 'gemini-cli', 'opencode']);
    await session.run('uninstall', '-g', 'pdf-tools');
    expect(await seen(home)).toEqual([]);
    expect(await tree(join(home, '.agents/skills'))).toEqual([]);
    expect(await tree(join(home, '.skills/pdf-tools'))).toEqual([]);
  });

  it('are elsewhere when their variables say so', async () => {
    const place = (name: string) => join(session.home, name);
    const env = {
      CLAUDE_CONFIG_DIR: place('claude'),
      CODEX_HOME: place('codex'),
      VIBE_HOME: place('vibe'),
      HERMES_HOME: place('hermes'),
      AUTOHAND_HOME: place('autohand'),
      XDG_CONFIG_HOME: place('xdg'),
    };
    const names = ['claude-code', 'codex', 'mistral-vibe', 'hermes-agent', 'autohand-code', 'opencode'];
    const moved = await hubSession({ world, cwd: session.cwd, home: session.home, env });
    await moved.run('install', '-g', 'pdf-tools', ...names.flatMap((name) => ['-a', name]));
    expect(await seen(session.home)).toEqual([
      'autohand/skills/pdf-tools',
      'claude/skills/pdf-tools',
      'codex/skills/pdf-tools',
      'hermes/skills/pdf-tools',
      'vibe/skills/pdf-tools',
      'xdg/opencode/skills/pdf-tools',
    ]);
  });

  it('are not those that know projects only', async () => {
    expect(await session.json('install', '-g', 'pdf-tools', '-a', 'eve')).toMatchObject({
      code: 2,
      document: { error: { message: 'Eve knows skills of projects only.' } },
    });
  });
});
