import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { writeFiles } from '../cli/files.ts';
import { newMachine, skillMd } from './machine.ts';

const run = promisify(execFile);
const BUILT = resolve(import.meta.dirname, '../../dist/loader/index.js');

const PROGRAM = `
import { loadSkills, SkillFileError } from './loader.js';
const { skills, warnings } = await loadSkills({ home: '.' , skillsHome: './none' });
const [skill] = skills;
const refused = await skill.read('../x').catch((error) => error instanceof SkillFileError && error.code);
console.log(JSON.stringify({
  skills: skills.map(({ name, version, keywords }) => ({ name, version, keywords })),
  warnings: warnings.map(({ code }) => code),
  body: await skill.body(),
  files: await skill.files(),
  text: await skill.readText('scripts/run.sh'),
  refused,
}));
`;

/** The programs of this name on the PATH, but for what npm puts in front of it. */
function onPath(name: string): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules/.bin'));
  return folders.map((folder) => join(folder, name)).filter((path) => existsSync(path));
}

const runtimes: [string, string | undefined, string[]][] = [
  ['the pinned Node', process.execPath, []],
  ["the machine's Node", onPath('node')[0], []],
  ['Bun', onPath('bun')[0], ['run']],
  ['Deno', onPath('deno')[0], ['run', '--allow-read', '--allow-env', '--allow-sys']],
];

describe('the built loader, alone in a folder', () => {
  for (const [name, program, args] of runtimes) {
    it.skipIf(program === undefined)(`runs on ${name}`, async () => {
      const { project } = await newMachine();
      await copyFile(BUILT, join(project, 'loader.js'));
      await writeFiles(project, {
        'package.json': '{"type": "module"}',
        '.agents/skills/pdf-tools/SKILL.md': skillMd('pdf-tools'),
        '.agents/skills/pdf-tools/skill.yaml': 'version: 1.2.0\nkeywords: [pdf]\n',
        '.agents/skills/pdf-tools/scripts/run.sh': 'echo hi\n',
        '.agents/skills/broken/SKILL.md': '---\nname: [\n---\n',
      });
      await writeFile(join(project, 'program.js'), PROGRAM);
      const { stdout } = await run(program ?? '', [...args, 'program.js'], { cwd: project });
      expect(JSON.parse(stdout)).toEqual({
        skills: [{ name: 'pdf-tools', version: '1.2.0', keywords: ['pdf'] }],
        warnings: ['invalid_skill'],
        body: '\n# pdf-tools\n',
        files: [
          { path: 'SKILL.md', size: skillMd('pdf-tools').length },
          { path: 'scripts/run.sh', size: 8 },
          { path: 'skill.yaml', size: 31 },
        ],
        text: 'echo hi\n',
        refused: 'invalid_path',
      });
    });
  }
});
