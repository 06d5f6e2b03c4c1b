import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { writeFiles } from '../cli/files.ts';
import { newMachine, skillMd } from './machine.ts';

const run = promisify(execFile);
const PACKAGE = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(PACKAGE, 'docs/loader.md'), 'utf8');
const examples = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

const ADAPTER = '{"tools": [{"type": "function", "function": {"name": "read_pdf"}}]}\n';

const EXPECTED = [
  'pdf-tools: What pdf-tools does, for tests.\n',
  [
    '\n# pdf-tools\n',
    `.skill/openai.json ${ADAPTER.length}`,
    `SKILL.md ${skillMd('pdf-tools').length}`,
    'references/forms.md 8',
    '# Forms\n\n',
  ].join('\n'),
  "[ 'read_pdf' ]\n",
  '1 0\n',
];

it('has an expected output for each example', () => {
  expect(examples).toHaveLength(EXPECTED.length);
});

it.each(examples.map((code, at) => [at + 1, code] as const))('example %i of docs/loader.md runs', async (at, code) => {
  const { project, home } = await newMachine();
  const installed = join(project, 'node_modules/skills-hub');
  await mkdir(installed, { recursive: true });
  for (const part of ['package.json', 'dist/loader'])
    await cp(join(PACKAGE, part), join(installed, part), { recursive: true });
  await writeFiles(project, {
    'example.mjs': code,
    '.agents/skills/pdf-tools/SKILL.md': skillMd('pdf-tools'),
    '.agents/skills/pdf-tools/references/forms.md': '# Forms\n',
    '.agents/skills/pdf-tools/.skill/openai.json': ADAPTER,
  });
  const env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home };
  const { stdout, stderr } = await run(process.execPath, ['example.mjs'], { cwd: project, env });
  expect([stdout, stderr]).toEqual([EXPECTED[at - 1], '']);
});
