import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../cli/failure.ts';
import { writeVersion } from '../../cli/sync/write-version.ts';
import { tree, writeFiles } from './files.ts';
import { newSession } from './terminal-session.ts';

const HEAD = 'name: pdf-tools\ndescription: Reads PDF files.\n';
const fence = (yaml: string) => `---\n${yaml}---\n# Body\n\nversion: 9.9.9\n`;

/** Writes files, raises their version to 1.2.3, and answers with what they are then. */
async function written(files: Record<string, string>) {
  const { cwd } = await newSession();
  await writeFiles(cwd, files);
  const changed = await writeVersion(cwd, '1.2.3');
  const paths = Object.keys(files);
  const texts = await Promise.all(paths.map((path) => readFile(join(cwd, path), 'utf8')));
  expect(await tree(cwd)).toEqual([...paths].sort());
  const after: Record<string, string | undefined> = Object.fromEntries(paths.map((path, at) => [path, texts[at]]));
  return { changed, after };
}

describe('writeVersion', () => {
  it.each([
    ['replaces a quoted one', 'metadata:\n  version: "1.0.0"\n  by: me\n', 'metadata:\n  version: "1.2.3"\n  by: me\n'],
    [
      'keeps comments and order',
      '# top\nmetadata: # why\n  by: me\n  version: 1.0.0 # now\n# end\n',
      '# top\nmetadata: # why\n  by: me\n  version: "1.2.3" # now\n# end\n',
    ],
    ['replaces a number', 'version: 1.0\n', 'version: "1.2.3"\n'],
    [
      'replaces both places',
      'version: 1.0.0\nmetadata:\n  version: 1.0.0\n',
      'version: "1.2.3"\nmetadata:\n  version: "1.2.3"\n',
    ],
    ['replaces one in a flow map', 'metadata: {version: "1.0.0", by: me}\n', 'metadata: {version: "1.2.3", by: me}\n'],
    ['adds one where there is none', '', 'metadata:\n  version: "1.2.3"\n'],
    ['adds one to a map', 'metadata:\n    by: me\n', 'metadata:\n    version: "1.2.3"\n    by: me\n'],
    ['adds one to a flow map', 'metadata: {by: me}\n', 'metadata: {version: "1.2.3", by: me}\n'],
    ['adds one to an empty map', 'metadata:\nlicense: MIT\n', 'metadata:\n  version: "1.2.3"\nlicense: MIT\n'],
    ['replaces an empty one', 'metadata:\n  version: ""\n', 'metadata:\n  version: "1.2.3"\n'],
  ])('%s', async (_what, before, after) => {
    expect(await written({ 'SKILL.md': fence(HEAD + before) })).toEqual({
      changed: ['SKILL.md'],
      after: { 'SKILL.md': fence(HEAD + after) },
    });
  });

  it('keeps a byte order mark and CRLF', async () => {
    const crlf = (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`;
    expect((await written({ 'SKILL.md': crlf(fence(`${HEAD}license: MIT\n`)) })).after['SKILL.md']).toBe(
      crlf(fence(`${HEAD}license: MIT\nmetadata:\n  version: "1.2.3"\n`)),
    );
    expect((await written({ 'SKILL.md': crlf(fence(`${HEAD}version: 1.0.0\n`)) })).after['SKILL.md']).toBe(
      crlf(fence(`${HEAD}version: "1.2.3"\n`)),
    );
  });

  it('changes every file that states one, and only those', async () => {
    const manifest = '{\n\t"namespace": "acme", "version": "1.0.0",\n\t"name": "pdf-tools"\n}\n';
    expect(
      await written({
        'SKILL.md': fence(HEAD),
        'manifest.json': manifest,
        'skill.yaml': 'version: 1.0.0 # here too\nkeywords: [a]\n',
      }),
    ).toEqual({
      changed: ['skill.yaml', 'manifest.json'],
      after: {
        'SKILL.md': fence(HEAD),
        'manifest.json': manifest.replace('1.0.0', '1.2.3'),
        'skill.yaml': 'version: "1.2.3" # here too\nkeywords: [a]\n',
      },
    });
  });

  it('takes no version of a dependency for that of the skill', async () => {
    const yaml = 'dependencies:\n  - name: csv-tools\n    version: ^1.0.0\n';
    expect(await written({ 'SKILL.md': fence(HEAD), 'skill.yaml': yaml })).toMatchObject({
      changed: ['SKILL.md'],
      after: { 'skill.yaml': yaml },
    });
  });

  it('keeps who may read and run the file', async () => {
    const { cwd } = await newSession();
    await writeFiles(cwd, { 'SKILL.md': fence(HEAD) });
    await chmod(join(cwd, 'SKILL.md'), 0o640);
    await writeVersion(cwd, '1.2.3');
    expect((await stat(join(cwd, 'SKILL.md'))).mode & 0o777).toBe(0o640);
  });

  it.each([
    ['a map in one line', '{name: pdf-tools, description: Reads PDF files.}\n'],
    ['an empty map in braces', `${HEAD}metadata: {}\n`],
  ])('writes nothing into %s', async (_what, yaml) => {
    const { cwd } = await newSession();
    await writeFiles(cwd, { 'SKILL.md': fence(yaml), 'manifest.json': '{"name": "pdf-tools"}' });
    await expect(writeVersion(cwd, '1.2.3')).rejects.toThrow(CodedError);
    expect(await readFile(join(cwd, 'SKILL.md'), 'utf8')).toBe(fence(yaml));
  });
});
