import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type LoadWarning, loadSkills } from '../../cli/loader/index.ts';
import { writeFiles, writeSkill } from '../cli/files.ts';
import { type Machine, newMachine, skillMd } from './machine.ts';

const codes = (warnings: readonly LoadWarning[]) => warnings.map(({ code }) => code);

describe('loadSkills', () => {
  it('finds nothing where nothing is', async () => {
    const { load } = await newMachine();
    expect(await load()).toMatchObject({ skills: [], warnings: [], shadowed: [] });
  });

  it('tells of a skill what an agent chooses by, with what was recorded of it', async () => {
    const { project, load } = await newMachine();
    await writeFiles(project, {
      '.agents/skills/pdf-tools/SKILL.md': skillMd('pdf-tools', 'license: MIT\nallowed-tools: Read Bash'),
      '.agents/skills/pdf-tools/skill.yaml': 'keywords: [pdf, text]\ndependencies: ["@acme/ocr@^1.0.0"]\n',
      '.agents/skills/pdf-tools/.skill/openai.json': '{"tools": [{"type": "function"}]}',
      '.agents/skills/ocr/SKILL.md': skillMd('ocr', 'metadata:\n  version: "1.4.0"'),
      'skills.lock': '{"skills": {"@acme/pdf-tools": {"version": "1.2.0"}}}',
    });
    const { skills, warnings, get } = await load({ cwd: join(project, '.agents') });
    expect(warnings).toEqual([]);
    expect(skills.map(({ name, version, namespace }) => [name, version, namespace])).toEqual([
      ['ocr', '1.4.0', undefined],
      ['pdf-tools', '1.2.0', 'acme'],
    ]);
    expect(get('pdf-tools')).toMatchObject({
      description: 'What pdf-tools does, for tests.',
      scope: 'project',
      path: join(project, '.agents/skills/pdf-tools'),
      license: 'MIT',
      allowedTools: 'Read Bash',
      keywords: ['pdf', 'text'],
      dependencies: [{ name: '@acme/ocr', range: '^1.0.0', optional: false }],
      adapters: { openai: { tools: [{ type: 'function' }] } },
      frontmatter: { name: 'pdf-tools', license: 'MIT' },
    });
    expect(get('nothing')).toBeUndefined();
  });

  it('goes up to the project, and no further than the folder where there is none', async () => {
    const { project, load } = await newMachine();
    await writeFiles(project, { 'skills.json': '{}', 'src/deep/x.txt': '' });
    await writeFiles(project, { '.agents/skills/near/SKILL.md': skillMd('near') });
    const names = async (cwd: string) => (await load({ cwd })).skills.map(({ name }) => name);
    expect(await names(join(project, 'src/deep'))).toEqual(['near']);
    await rm(join(project, 'skills.json'));
    expect(await names(join(project, 'src/deep'))).toEqual([]);
    expect(await names(project)).toEqual(['near']);
  });

  it("takes the recorded version of the user's skills, else the newest", async () => {
    const { home, load } = await newMachine();
    for (const version of ['1.9.0', '1.10.0', '2.0.0-rc.1'])
      await writeFiles(home, { [`.skills/pdf-tools/${version}/SKILL.md`]: skillMd('pdf-tools') });
    const version = async () => (await load()).get('pdf-tools')?.version;
    expect(await version()).toBe('2.0.0-rc.1');
    await writeFiles(home, { '.skills/index.json': '{"skills": {"@acme/pdf-tools": {"version": "1.9.0"}}}' });
    expect(await version()).toBe('1.9.0');
    await writeFiles(home, { '.skills/index.json': '{"skills": {"@acme/pdf-tools": {"version": "3.0.0"}}}' });
    const { get, warnings } = await load();
    expect(get('pdf-tools')?.version).toBe('2.0.0-rc.1');
    const path = join(home, '.skills/index.json');
    expect(warnings).toEqual([
      {
        code: 'not_installed',
        path,
        message: `${path} names @acme/pdf-tools@3.0.0, which is not there.`,
        fix: 'Install it again: skills ci -g',
      },
    ]);
  });

  it("puts given folders before the project's skills, and those before the user's; in one scope, the newest first", async () => {
    const { home, project, load } = await newMachine();
    await writeFiles(home, {
      '.skills/pdf-tools/9.0.0/SKILL.md': skillMd('pdf-tools'),
      '.skills/csv/1.0.0/SKILL.md': skillMd('csv'),
      '.agents/skills/csv/SKILL.md': skillMd('csv', 'metadata:\n  version: "1.1.0"'),
      '.agents/skills/pdf-tools/SKILL.md': skillMd('pdf-tools'),
    });
    await writeFiles(project, {
      '.agents/skills/pdf-tools/SKILL.md': skillMd('pdf-tools', 'metadata:\n  version: "1.0.0"'),
      'mine/pdf-tools/SKILL.md': skillMd('pdf-tools'),
    });
    const { skills, shadowed } = await load({ folders: ['mine'] });
    expect(skills.map(({ name, scope, path }) => [name, scope, path])).toEqual([
      ['csv', 'global', join(home, '.agents/skills/csv')],
      ['pdf-tools', 'folder', join(project, 'mine/pdf-tools')],
    ]);
    const by = join(project, 'mine/pdf-tools');
    expect(shadowed).toEqual([
      { name: 'pdf-tools', version: '1.0.0', scope: 'project', path: join(project, '.agents/skills/pdf-tools'), by },
      { name: 'pdf-tools', version: '9.0.0', scope: 'global', path: join(home, '.skills/pdf-tools/9.0.0'), by },
      {
        name: 'csv',
        version: '1.0.0',
        scope: 'global',
        path: join(home, '.skills/csv/1.0.0'),
        by: join(home, '.agents/skills/csv'),
      },
      { name: 'pdf-tools', scope: 'global', path: join(home, '.agents/skills/pdf-tools'), by },
    ]);
    expect((await load({ scopes: ['global'] })).get('pdf-tools')?.version).toBe('9.0.0');
    expect((await load({ scopes: ['project'] })).get('csv')).toBeUndefined();
  });

  it('takes a folder that links lead to for one skill, with its record', async () => {
    const { home, project, load } = await newMachine();
    await writeFiles(home, {
      '.skills/csv/1.0.0/SKILL.md': skillMd('csv'),
      '.skills/index.json': '{"skills": {"@acme/csv": {"version": "1.0.0"}}}',
    });
    await mkdir(join(home, '.agents/skills'), { recursive: true });
    await symlink(join(home, '.skills/csv/1.0.0'), join(home, '.agents/skills/csv'));
    await mkdir(join(project, '.claude/skills'), { recursive: true });
    await symlink(join(home, '.agents/skills/csv'), join(project, '.claude/skills/csv'));
    const { skills, shadowed, warnings } = await load({ folders: ['.claude/skills'] });
    expect(skills).toMatchObject([{ name: 'csv', version: '1.0.0', namespace: 'acme', scope: 'folder' }]);
    expect([shadowed, warnings]).toEqual([[], []]);
  });

  it('looks where SKILLS_HOME says', async () => {
    const { home, load } = await newMachine();
    await writeFiles(home, { 'hub/csv/1.0.0/SKILL.md': skillMd('csv') });
    expect((await load({ skillsHome: join(home, 'hub') })).get('csv')?.version).toBe('1.0.0');
  });
});

describe('a skill that is wrong', () => {
  it.each<[string, (machine: Machine) => Promise<unknown>, string, RegExp]>([
    ['without SKILL.md', ({ bad }) => writeFiles(bad, { 'README.md': '' }), 'invalid_skill', /there is no SKILL\.md/],
    ['without frontmatter', ({ bad }) => writeFiles(bad, { 'SKILL.md': 'hi' }), 'invalid_skill', /must begin with/],
    [
      'with YAML that is none',
      ({ bad }) => writeFiles(bad, { 'SKILL.md': '---\nname: bad\ndescription: a: b\n---\n' }),
      'invalid_skill',
      /line 3: the YAML is not valid/,
    ],
    [
      'without a description',
      ({ bad }) => writeFiles(bad, { 'SKILL.md': '---\nname: bad\n---\n' }),
      'invalid_skill',
      /description is missing/,
    ],
    [
      'that is no text',
      ({ bad }) => writeFiles(bad, { 'SKILL.md': new Uint8Array([0xff, 0xfe, 0]) }),
      'invalid_skill',
      /not valid UTF-8/,
    ],
    [
      'with a SKILL.md of 2 MiB',
      ({ bad }) => writeFiles(bad, { 'SKILL.md': skillMd('bad') + 'x'.repeat(2 * 1024 * 1024) }),
      'invalid_skill',
      /the limit is 1048576/,
    ],
    ['with a folder SKILL.md', ({ bad }) => mkdir(join(bad, 'SKILL.md')), 'invalid_skill', /not a regular file/],
    [
      'whose SKILL.md lies elsewhere',
      async ({ bad, home }) => {
        await writeFiles(home, { 'secret.md': skillMd('bad') });
        await symlink(join(home, 'secret.md'), join(bad, 'SKILL.md'));
      },
      'invalid_skill',
      /is a link that leads out of/,
    ],
    [
      'that is a link to nothing',
      async ({ bad, home }) => {
        await rm(bad, { recursive: true });
        await symlink(join(home, 'gone'), bad);
      },
      'invalid_skill',
      /leads to nothing/,
    ],
  ])('%s is a warning, and the others are loaded', async (_, spoil, code, message) => {
    const machine = await newMachine();
    const { project, bad, load } = machine;
    await writeFiles(project, { '.agents/skills/good/SKILL.md': skillMd('good') });
    await mkdir(bad, { recursive: true });
    await spoil(machine);
    const told: LoadWarning[] = [];
    const { skills, warnings } = await load({ onWarning: (warning) => told.push(warning) });
    expect(skills.map(({ name }) => name)).toEqual(['good']);
    expect(warnings).toEqual([{ code, path: bad, message: expect.stringMatching(message), fix: expect.any(String) }]);
    expect(warnings[0]?.fix).not.toBe('');
    expect(told).toEqual(warnings);
  });

  it.each([
    ['skill.yaml', 'dependencies: 7', 'invalid_metadata', /dependencies does not have the expected form/],
    ['manifest.json', '{"name": "other", "version": "1.0.0"}', 'invalid_metadata', /names the skill 'other'/],
    ['.skill/openai.json', '{"tools": ', 'invalid_adapter', /'\.skill\/openai\.json' is not JSON/],
    ['.skill/openai.json', 'x'.repeat(300_000), 'invalid_adapter', /the limit is 262144/],
  ])('with a broken %s is loaded without it', async (file, content, code, message) => {
    const { bad, load } = await newMachine();
    await writeFiles(bad, {
      'SKILL.md': skillMd('bad'),
      '.skill/claude.json': '{"ok": true}',
      [file]: content,
    });
    const { skills, warnings } = await load();
    expect(skills).toMatchObject([{ name: 'bad', adapters: { claude: { ok: true } } }]);
    expect(Object.keys(skills[0]?.adapters ?? {})).toEqual(['claude']);
    expect(warnings).toMatchObject([{ code, path: join(bad, file), message: expect.stringMatching(message) }]);
  });

  it('in a folder of another name is loaded by its own', async () => {
    const { bad, load } = await newMachine();
    await writeFiles(bad, { 'skill.md': skillMd('good') });
    const { skills, warnings } = await load();
    expect(skills).toMatchObject([{ name: 'good' }]);
    expect(codes(warnings)).toEqual(['name_differs']);
  });

  it.each([
    ['{', ['damaged_record']],
    ['[]', ['damaged_record']],
    ['{"skills": {"../evil": {}, "@acme/bad": 3, "@acme/good": {"version": 7}}}', ['damaged_record', 'damaged_record']],
  ])('with the record %s is loaded without it', async (lock, expected) => {
    const { project, load } = await newMachine();
    await writeFiles(project, { 'skills.lock': lock, '.agents/skills/good/SKILL.md': skillMd('good') });
    const { skills, warnings } = await load();
    expect(skills.map(({ name }) => name)).toEqual(['good']);
    expect(codes(warnings)).toEqual(expected);
  });

  it('among things that are none at all is all that is told of', async () => {
    const { project, home, load } = await newMachine();
    await writeFiles(project, { '.agents/skills/README.md': '', '.agents/skills/.new-x/SKILL.md': '' });
    await writeFiles(home, {
      '.skills/config.json': '{}',
      '.skills/.cache/sha256/aa/x': '',
      '.skills/old/SKILL.md': '',
    });
    expect(await load()).toMatchObject({ skills: [], warnings: [] });
    await writeFiles(project, { 'file/.agents/skills': '' });
    expect(await load({ cwd: join(project, 'file') })).toMatchObject({ skills: [], warnings: [] });
  });

  it('in a folder that cannot be read is a warning', async () => {
    const { load } = await newMachine();
    const folder = `/${'x'.repeat(300)}`;
    const { skills, warnings } = await load({ folders: [folder] });
    const message = `${folder} cannot be read (ENAMETOOLONG).`;
    expect([skills, warnings]).toEqual([
      [],
      [{ code: 'unreadable', path: folder, message, fix: 'Check who may read it.' }],
    ]);
  });

  it('needs others that are not there, or in another version', async () => {
    const { project, load } = await newMachine();
    const needs = 'dependencies:\n  - "csv@^2.0.0"\n  - "@acme/ocr"\n  - name: fonts\n    optional: true\n';
    await writeFiles(project, {
      '.agents/skills/report/SKILL.md': skillMd('report'),
      '.agents/skills/report/skill.yaml': needs,
      '.agents/skills/csv/SKILL.md': skillMd('csv', 'metadata:\n  version: "1.5.0"'),
      '.agents/skills/ocr/SKILL.md': skillMd('ocr'),
      'skills.lock': '{"skills": {"@zeta/ocr": {"version": "1.0.0"}}}',
    });
    const { skills, warnings } = await load();
    expect(skills).toHaveLength(3);
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['dependency', 'report needs csv@^2.0.0, and 1.5.0 is loaded.'],
      ['dependency', 'report needs @acme/ocr@*, which is not loaded.'],
    ]);
  });
});

describe('verify', () => {
  it('leaves out what is not as it was installed', async () => {
    const { project, load } = await newMachine();
    const folder = join(project, '.agents/skills/pdf-tools');
    await writeSkill(folder, { files: { 'scripts/run.sh': 'echo one\n' } });
    const { treeDigest } = await import('../../src/format/digest.ts');
    const { readInstalled } = await import('../../cli/folder.ts');
    const digest = await treeDigest(await readInstalled(folder));
    const record = { version: '1.0.0', treeDigest: digest };
    await writeFiles(project, { 'skills.lock': JSON.stringify({ skills: { '@acme/pdf-tools': record } }) });
    expect((await load({ verify: true })).skills).toHaveLength(1);
    await writeFiles(folder, { 'scripts/run.sh': 'echo two\n' });
    expect((await load()).skills).toHaveLength(1);
    const { skills, warnings } = await load({ verify: true });
    expect([skills, codes(warnings)]).toEqual([[], ['changed']]);
  });
});

describe('a process', () => {
  const lost = () => {
    throw Object.assign(new Error('uv_cwd'), { code: 'ENOENT' });
  };

  it('whose working directory is gone gets the skills of the user', async () => {
    const { home, load } = await newMachine();
    await writeFiles(home, { '.skills/csv/1.0.0/SKILL.md': skillMd('csv') });
    const cwd = vi.spyOn(process, 'cwd').mockImplementation(lost);
    onTestFinished(() => cwd.mockRestore());
    const { skills, warnings } = await load({ cwd: '.', folders: ['mine'] });
    expect(skills.map(({ name }) => name)).toEqual(['csv']);
    expect(warnings.map(({ message }) => message)).toEqual(['the working directory is not known (ENOENT).']);
  });
});

it('loads many skills without running out of file handles', async () => {
  const { project, load } = await newMachine();
  const files = Array.from({ length: 300 }, (_, at) => [`.agents/skills/s${at}/SKILL.md`, skillMd(`s${at}`)]);
  await writeFiles(project, Object.fromEntries(files));
  expect((await load()).skills).toHaveLength(300);
});

it('has defaults', async () => {
  const { skills } = await loadSkills({ scopes: [] });
  expect(skills).toEqual([]);
});
