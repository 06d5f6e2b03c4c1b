import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { githubToken } from '../support/credentials.ts';
import { MALICIOUS, SUSPICIOUS } from '../support/harmful.ts';
import { tarGz } from '../support/skills.ts';
import { writeFiles, writeSkill } from './files.ts';
import { newSession, type Session } from './terminal-session.ts';

describe('skills validate', () => {
  it('passes a good skill, as a folder and as an archive', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'));
    await writeFile(join(session.cwd, 'a.skill'), await tarGz());
    expect(await session.run('validate', 'pdf-tools')).toEqual({
      code: 0,
      stdout: 'examination: clean (score 0; 40 and more is suspicious)\n✓ valid: pdf-tools (0 errors, 0 warnings)\n',
      stderr: '',
    });
    expect(await session.run('lint', 'a.skill')).toMatchObject({ code: 0 });
  });

  it('takes a SKILL.md for the folder that it lies in', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'));
    const { code, document } = await session.json('validate', 'pdf-tools/SKILL.md', 'pdf-tools');
    expect([code, document]).toEqual([
      0,
      expect.objectContaining({ skills: [expect.objectContaining({ path: 'pdf-tools', valid: true })] }),
    ]);
  });

  it('passes warnings, and names the place of errors', async () => {
    const session = await newSession();
    const folder = join(session.cwd, 'pdf-tools');
    await writeSkill(folder, { frontmatter: 'mood: sunny\n' });
    expect(await session.run('validate', 'pdf-tools')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('(0 errors, 1 warning)'),
    });
    const secret = githubToken();
    await writeFiles(folder, { 'scripts/a.py': `import os\n\nkey = "${secret}"\n` });
    const { code, stdout } = await session.run('validate', 'pdf-tools');
    expect(code).toBe(1);
    expect(stdout).toContain('pdf-tools/scripts/a.py:3: error: possible hardcoded secret found');
    expect(stdout).toContain('  fix: Remove it, revoke it');
    expect(stdout).not.toContain(secret);
    expect(await session.json('validate', 'pdf-tools')).toMatchObject({
      code: 1,
      document: {
        valid: false,
        errors: 1,
        warnings: 1,
        skills: [
          {
            path: 'pdf-tools',
            valid: false,
            name: 'pdf-tools',
            version: '1.0.0',
            files: 2,
            verdict: 'clean',
            findings: [{ severity: 'warning' }, { file: 'scripts/a.py', line: 3 }],
          },
        ],
      },
    });
  });

  it('examines the skill as a registry would, with evidence; warnings fail with --strict', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'), SUSPICIOUS);
    const { code, stdout } = await session.run('validate', 'pdf-tools');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^pdf-tools\/scripts\/setup\.sh:1: warning: looks like fetch and run .*\(fetch-and-run\.pipe-to-shell\)\n {2}found: curl .*\n {2}why: .*\n {2}fix: /,
    );
    expect(await session.json('validate', 'pdf-tools')).toMatchObject({
      code: 0,
      document: { valid: true, skills: [{ verdict: 'suspicious' }] },
    });
    expect((await session.run('validate', 'pdf-tools', '--strict')).code).toBe(1);
  });

  it('tells the verdict, and does not call harm simply valid', async () => {
    const session = await newSession({ env: { SKILLS_REGISTRY: 'https://hub.test' } });
    await writeSkill(join(session.cwd, 'pdf-tools'), MALICIOUS);
    const { document } = await session.json('validate', 'pdf-tools');
    const [{ score, verdict } = { score: 0, verdict: '' }] = (
      document as { skills: { score: number; verdict: string }[] }
    ).skills;
    expect([score >= 100, verdict]).toEqual([true, 'malicious']);
    const line = `examination: malicious (score ${score}; 100 and more is malicious); a registry would hold it back until a person has looked at it`;
    const { code, stdout } = await session.run('validate', 'pdf-tools');
    expect([code, ...stdout.trimEnd().split('\n').slice(-2)]).toEqual([
      0,
      line,
      expect.stringMatching(/^! valid, but malicious: pdf-tools \(0 errors, \d+ warnings\)$/),
    ]);
    const strict = await session.run('validate', 'pdf-tools', '--strict');
    expect([strict.code, strict.stdout]).toEqual([1, expect.stringContaining('✗ not valid: pdf-tools')]);
    const dry = await session.run('publish', 'pdf-tools', '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining(`${line}\nwould publish pdf-tools@1.0.0`)]);
  });

  it('warns of a version that is nowhere, and of a folder with another name', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf'), { version: null });
    const { code, stdout } = await session.run('validate', 'pdf');
    expect([code, stdout]).toEqual([
      0,
      `pdf/SKILL.md: warning: the skill names no version (version-missing)
  fix: Add version: "1.0.0" under metadata in SKILL.md, or publish with --version 1.0.0.
pdf/SKILL.md: warning: the folder is named 'pdf', but the skill 'pdf-tools' (folder-name)
  fix: Rename the folder to pdf-tools, or correct the name.
examination: clean (score 0; 40 and more is suspicious)
✓ valid: pdf-tools (0 errors, 2 warnings)
`,
    ]);
  });

  it.each([
    ['SKILL.md without frontmatter', { 'SKILL.md': '# No\n' }, 'SKILL.md:1: error: '],
    [
      'a path that Windows reserves',
      { 'SKILL.md': 'x', 'aux.md': 'x' },
      "error: entry 'aux.md' has the name 'aux', which Windows reserves",
    ],
  ])('tells of %s', async (_what, files, message) => {
    const session = await newSession();
    await writeFiles(session.cwd, files);
    const { code, stdout, stderr } = await session.run('validate');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(message);
    expect(stdout + stderr).toContain('fix: ');
  });

  it('tells of a file that is no archive, and of none at all', async () => {
    const session = await newSession();
    await writeFiles(session.cwd, { 'a.skill': 'hello' });
    expect(await session.json('validate', 'a.skill')).toMatchObject({
      code: 1,
      document: { valid: false, skills: [{ path: 'a.skill', name: null, findings: [{ rule: 'malformed-archive' }] }] },
    });
    expect(await session.run('validate', 'b.skill')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('b.skill does not exist.'),
    });
  });
});

/** A folder with a good skill, one with a secret in line 3, one that breaks a rule, and what is no skill of it. */
async function manySkills() {
  const session = await newSession();
  const at = (path: string) => join(session.cwd, 'skills', path);
  await writeSkill(at('csv-tools'), { name: 'csv-tools' });
  await writeSkill(at('docs/pdf-tools'), { files: { 'scripts/a.py': `import os\n\nkey = "${githubToken()}"\n` } });
  await writeSkill(at('git-notes'), { name: 'git-notes', description: 'Too short.' });
  await writeSkill(at('csv-tools/examples/inner'), { name: 'inner', description: 'Too short.' });
  await writeSkill(at('node_modules/dependency'), { description: 'Too short.' });
  await writeSkill(at('.agents/skills/installed'), { description: 'Too short.' });
  await symlink(at('git-notes'), at('linked'));
  return session;
}

describe('skills validate with several skills', () => {
  it('finds every skill below a folder, and sums up', async () => {
    const session = await manySkills();
    const { code, stdout } = await session.run('validate');
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => /^([✓✗]|\d)|: error:/.test(line))).toEqual([
      '✓ valid: csv-tools (0 errors, 0 warnings)',
      expect.stringContaining('skills/docs/pdf-tools/scripts/a.py:3: error: possible hardcoded secret found'),
      '✗ not valid: pdf-tools (1 error, 0 warnings)',
      'skills/git-notes/SKILL.md: error: description is too short (minimum 20 characters) (description-too-short)',
      '✗ not valid: git-notes (1 error, 0 warnings)',
      '3 skills: 1 valid, 2 not (2 errors, 0 warnings)',
    ]);
  });

  it('takes several targets, each once, folders and archives', async () => {
    const session = await manySkills();
    await writeFile(join(session.cwd, 'a.skill'), await tarGz({ name: 'zip-tools' }));
    const { code, document } = await session.json('lint', 'skills/csv-tools', 'a.skill', 'skills');
    expect(code).toBe(1);
    expect(document).toMatchObject({
      valid: false,
      skills: [
        { path: 'skills/csv-tools', valid: true },
        { path: 'a.skill', name: 'zip-tools', valid: true },
        { path: 'skills/docs/pdf-tools', valid: false },
        { path: 'skills/git-notes', valid: false },
      ],
    });
  });

  it('goes on after a skill that cannot be read', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'a-linked'), { name: 'a-linked' });
    await symlink('/etc/hosts', join(session.cwd, 'a-linked/hosts'));
    await writeSkill(join(session.cwd, 'pdf-tools'));
    expect(await session.json('validate')).toMatchObject({
      code: 1,
      document: {
        skills: [
          {
            valid: false,
            version: null,
            findings: [{ rule: 'unreadable', fix: 'Replace hosts by a copy of the file, or remove it.' }],
          },
          { name: 'pdf-tools', valid: true },
        ],
      },
    });
  });

  it('says that there is no skill, and goes no deeper than ten levels', async () => {
    const session = await newSession();
    const deep = join(session.cwd, ...'abcdefghijk');
    await writeSkill(join(deep, 'pdf-tools'));
    expect(await session.run('validate')).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${session.cwd} has no SKILL.md, nor has any folder below it.\nfix: Name the folder of a skill, or one that holds skills.\n`,
    });
    expect((await session.run('validate', join(...'abcde'))).code).toBe(0);
  });
});

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
