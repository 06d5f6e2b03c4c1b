import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/program.ts';
import { CATEGORIES } from '../../cli/reference/categories.ts';
import { describeCommands } from '../../cli/reference/describe.ts';
import { referencePage } from '../../cli/reference/markdown.ts';
import { ENVIRONMENT, TOPICS } from '../../cli/reference/topics.ts';
import { newSession } from './terminal-session.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const infos = describeCommands(COMMANDS);

describe('the manual', () => {
  it('in docs/cli-reference.md is what the command classes say; else run npm run generate', () => {
    expect(readFileSync(join(ROOT, 'docs/cli-reference.md'), 'utf8')).toBe(referencePage(infos));
  });

  it.each(infos.map((info) => ({ name: info.names[0] ?? '', info })))('of $name is whole', ({ info }) => {
    expect(CATEGORIES).toContain(info.category);
    expect(info.description).toMatch(/^[A-Z].+\.$/);
    expect(info.details.join(' ')).not.toBe('');
    expect(info.examples).not.toEqual([]);
    for (const { what, command } of info.examples) {
      expect(what).not.toMatch(/\.$/);
      expect(
        info.names.some((each) => new RegExp(`\\bskills ${each}(?![\\w-])`).test(command)),
        command,
      ).toBe(true);
    }
    for (const { names, description } of info.options) expect(description, names.join()).toMatch(/\S[.:)]$/);
    expect(info.options.flatMap(({ names }) => names)).toContain('--json');
  });

  it('has no two commands of one name', () => {
    const names = infos.flatMap((info) => info.names);
    expect(new Set(names).size).toBe(names.length);
  });

  it('says in a terminal how a command ends', async () => {
    const { run } = await newSession();
    const { stdout } = await run('validate', '--help');
    expect(stdout).toMatch(/Also called\n\n {2}skills lint\n/);
    expect(stdout).toMatch(
      /Exit codes\n\n {2}0 {2}It did what it was asked to\.\n {2}1 {2}.+\n {2}2 {2}.+\n {2}4 {2}.+\n$/,
    );
  });

  it('says in a terminal what is special about how a command ends', async () => {
    const { run } = await newSession();
    const { stdout } = await run('verify', '--help');
    expect(stdout).toContain('\n  1  A skill differs from its record, or its registry does not stand by it.\n  2  ');
  });

  it.each(Object.keys(TOPICS))('explains %s', async (name) => {
    const { run } = await newSession();
    const { code, stdout, stderr } = await run('help', name);
    expect([code, stderr]).toEqual([0, '']);
    for (const [what, meaning] of TOPICS[name]?.rows ?? []) {
      expect(stdout).toContain(`  ${what}\n      ${meaning}\n`);
    }
    expect((await run()).stdout).toContain(`skills help ${name}`);
  });

  it('names every variable that the command reads, and only those', () => {
    const files = readdirSync(join(ROOT, 'cli'), { recursive: true, encoding: 'utf8' }).filter(
      // What a hub reads is in docs/getting-started.md.
      (file) => file.endsWith('.ts') && !/^(serve\/|commands\/serve\.ts|reference\/)/.test(file),
    );
    const text = files.map((file) => readFileSync(join(ROOT, 'cli', file), 'utf8')).join('\n');
    const read = [...text.matchAll(/\benv\.([A-Z][A-Z_]+)|homeVariable: '([A-Z_]+)'/g)].map(
      ([, plain, agent]) => plain ?? agent,
    );
    const named = ENVIRONMENT.flatMap(([names]) => names.split(', '));
    expect([...new Set(read)].sort()).toEqual([...named].sort());
  });
});
