import { expect, test } from 'vitest';
import { type Fingerprints, fingerprint, fingerprintsOf } from '../../src/format/fingerprint.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const of = (files: Record<string, string | Uint8Array>): Promise<Fingerprints> =>
  fingerprintsOf({
    files: Object.entries(files).map(([path, content]) => ({
      path,
      bytes: typeof content === 'string' ? bytesOf(content) : content,
      executable: false,
    })),
  });

test.each([
  [
    '---\nname: demo\ndescription: Demo skill\n---\n# Demo v1.1\n',
    'ec5bb524cca6e564fa0677de99ecd5b5f3567200b73591e6c9fa15dcdf80cb13',
  ],
  ['# o\n', 'd60b1d055818a33cf8e094c0b86c5a800731cb55f390da8d62179aba1d728fa7'],
])('the fingerprint that clients compute of a lone SKILL.md: %j', async (skillMd, expected) => {
  expect(await of({ 'SKILL.md': skillMd })).toEqual({ full: expected, text: [expected] });
});

const PATHS = ['_meta.json', '10.md', '9.md', 'a.md', 'A.md', 'README.md', 'scripts/run.sh', 'SKILL.md'];

test('paths are ordered as ICU orders them, however they come', async () => {
  const files = PATHS.map((path) => ({ path, sha256: '0'.repeat(64) }));
  const text = files.map(({ path, sha256 }) => `${path}:${sha256}`).join('\n');
  const digest = await crypto.subtle.digest('SHA-256', bytesOf(text));
  expect(await fingerprint([...files].reverse())).toBe(Buffer.from(digest).toString('hex'));
  expect([...PATHS].sort((a, b) => a.localeCompare(b))).toEqual(PATHS);
});

test('what clients pass over when they hash a folder counts for nothing', async () => {
  const plain = await of({ 'SKILL.md': '# o\n' });
  const more = await of({
    'SKILL.md': '# o\n',
    '.env.example': 'A=1',
    'docs/.hidden/x.md': 'x',
    'node_modules/left-pad/index.js': 'x',
  });
  expect(more).toEqual(plain);
});

test('a picture counts for newer clients only', async () => {
  const plain = await of({ 'SKILL.md': '# o\n' });
  const illustrated = await of({ 'SKILL.md': '# o\n', 'logo.png': new Uint8Array([0x89, 0x50, 0]) });
  expect(illustrated.text).toEqual(plain.text);
  expect(illustrated.full).not.toBe(plain.full);
});

test.each([
  ['LICENSE', 'MIT', 2],
  ['data.tsv', 'a\tb', 2],
  ['Makefile', new Uint8Array([0, 1]), 1],
  ['broken', new Uint8Array([0xff, 0xff]), 1],
  ['notes.txt', 'x', 1],
  ['UPPER.MD', 'x', 1],
  ['archive.bin', 'text in fact', 1],
])('older clients agree or differ on %s', async (path, content, variants) => {
  const { text } = await of({ 'SKILL.md': '# o\n', [path]: content });
  expect(text).toHaveLength(variants);
});
