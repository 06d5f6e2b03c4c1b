import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { githubToken } from '../support/credentials.ts';
import { SUSPICIOUS } from '../support/harmful.ts';
import { tarGz } from '../support/skills.ts';
import { writeSkill } from './files.ts';
import { manySkills } from './many-skills.ts';
import { newSession, type Session } from './terminal-session.ts';

interface Sarif {
  $schema: string;
  version: string;
  runs: {
    tool: { driver: { name: string; semanticVersion: string; rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } } }[];
      partialFingerprints: Record<string, string>;
    }[];
  }[];
}

async function sarifOf(session: Session, ...args: string[]) {
  const { stdout, ...rest } = await session.run('validate', '--format', 'sarif', ...args);
  const log: Sarif = JSON.parse(stdout);
  const [run] = log.runs;
  if (run === undefined) throw new Error('the log has no run');
  return { ...rest, log, run };
}

describe('skills validate --format sarif', () => {
  it('has what SARIF 2.1.0 and code scanning ask for', async () => {
    const session = await manySkills();
    const { code, stderr, log, run } = await sarifOf(session);
    expect([code, stderr, log.version, log.runs.length]).toEqual([1, '', '2.1.0', 1]);
    expect(log.$schema).toMatch(/sarif-2\.1\.0\.json$/);
    const { name, semanticVersion, rules } = run.tool.driver;
    expect(name).toBe('skills validate');
    expect(semanticVersion).toMatch(/^\d+\.\d+\.\d+$/);
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(run.results.map(({ ruleId }) => ruleId)).toEqual([
      expect.stringMatching(/^secret-github/),
      'description-too-short',
    ]);
    for (const result of run.results) {
      expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(['error', 'warning', 'note']).toContain(result.level);
      expect(result.message.text).toMatch(/\. Fix: .+/);
      expect(result.locations).toHaveLength(1);
      expect(result.partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{16}:1$/);
    }
    expect(run.results.map(({ locations }) => locations[0]?.physicalLocation)).toEqual([
      {
        artifactLocation: { uri: 'skills/docs/pdf-tools/scripts/a.py', uriBaseId: '%SRCROOT%' },
        region: { startLine: 3 },
      },
      { artifactLocation: { uri: 'skills/git-notes/SKILL.md', uriBaseId: '%SRCROOT%' } },
    ]);
  });

  it('describes rules of the examination, with the risks that they are about', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'), SUSPICIOUS);
    const { code, run } = await sarifOf(session);
    expect(code).toBe(0);
    expect(run.results[0]).toMatchObject({ ruleId: 'fetch-and-run.pipe-to-shell', level: 'warning' });
    expect(run.tool.driver.rules[run.results[0]?.ruleIndex ?? -1]).toEqual({
      id: 'fetch-and-run.pipe-to-shell',
      shortDescription: { text: 'fetch and run pipe to shell' },
      fullDescription: { text: expect.stringMatching(/\S/) },
      help: { text: expect.stringMatching(/\S/) },
      defaultConfiguration: { level: 'warning' },
      properties: { tags: ['examination', 'fetch-and-run', 'AST01', 'AST02'] },
    });
  });

  it('keeps fingerprints when lines move, and tells findings apart that are alike', async () => {
    const session = await newSession();
    const folder = join(session.cwd, 'pdf-tools');
    const key = `key = "${githubToken()}"\n`;
    const hashes = async (text: string) => {
      await writeSkill(folder, { files: { 'scripts/a.py': text } });
      const { run } = await sarifOf(session);
      return run.results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
    };
    const [first] = await hashes(key);
    expect(await hashes(`\n\n${key}`)).toEqual([first]);
    const other = githubToken('ghp_', githubToken().slice(10));
    const twice = await hashes(`${key}x = 1\nkey = "${other}"\n`);
    expect(twice).toEqual([first, first?.replace(/1$/, '2')]);
  });

  it('escapes paths as URIs, and has whole ones for what lies elsewhere', async () => {
    const session = await newSession();
    const other = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'), { files: { 'references/ä b.txt': 'x' } });
    await writeSkill(join(other.cwd, 'pdf-tools'), { description: 'Too short.' });
    const { run } = await sarifOf(session, '.', other.cwd);
    expect(run.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation)).toEqual([
      { uri: 'pdf-tools/references/%C3%A4%20b.txt', uriBaseId: '%SRCROOT%' },
      { uri: pathToFileURL(join(other.cwd, 'pdf-tools/SKILL.md')).href },
    ]);
  });

  it('names an archive as a whole, and the place inside it in words', async () => {
    const session = await newSession();
    await writeFile(join(session.cwd, 'a.skill'), await tarGz({ description: 'Too short.' }));
    const { run } = await sarifOf(session, 'a.skill');
    expect(run.results).toMatchObject([
      {
        message: { text: expect.stringMatching(/^SKILL\.md: description is too short/) },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'a.skill' } } }],
      },
    ]);
  });
});

describe('skills validate --format github', () => {
  it('prints an annotation for each finding, and nothing else', async () => {
    const session = await manySkills();
    const { code, stdout, stderr } = await session.run('validate', '--format', 'github');
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(
        /^::error file=skills\/docs\/pdf-tools\/scripts\/a\.py,line=3,title=secret-github[\w-]*::possible hardcoded secret found: .*%0Afix: Remove it/,
      ),
      '::error file=skills/git-notes/SKILL.md,title=description-too-short::description is too short (minimum 20 characters)%0Afix: Say what the skill does and when an agent should use it.',
      '',
    ]);
  });

  it('lets no file end the command or begin another', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'a,b%: c'), { name: 'pdf-tools', files: { 'references/x,y%0A.txt': 'x' } });
    const { stdout } = await session.run('validate', '--format', 'github');
    const [first, second] = stdout.split('\n');
    expect(first).toBe(
      "::error file=a%2Cb%25%3A c/references/x%2Cy%250A.txt,title=reference-not-markdown::non-markdown file in references/: 'references/x,y%250A.txt'%0Afix: Move it to assets/ or scripts/, or write it as Markdown.",
    );
    expect(second).toMatch(/^::warning file=a%2Cb%25%3A c\/SKILL\.md,title=folder-name::/);
  });

  it('takes --format json for --json, and no other format beside that', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'));
    const { document } = await session.json('validate');
    expect(JSON.parse((await session.run('validate', '--format', 'json')).stdout)).toEqual(document);
    expect(await session.json('validate', '--format', 'sarif')).toMatchObject({
      code: 2,
      document: { error: { message: '--json and --format sarif contradict each other.' } },
    });
    expect(await session.run('validate', '--format', 'xml')).toMatchObject({
      code: 2,
      stderr: "error: There is no format 'xml'.\nfix: Use one of text, json, sarif, github.\n",
    });
  });
});
