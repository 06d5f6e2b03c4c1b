import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Bundle, type BundleFile, comparePaths } from '../../src/format/bundle.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { readTar } from '../../src/format/tar-read.ts';
import { bundleWith } from '../support/archives.ts';
import { skill } from '../support/bundles.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus/skills.tar.gz');
const MAX_SKILL_BYTES = 20_000;
const MAX_SKILLS = 40;

const MANIFEST = JSON.stringify(
  {
    namespace: 'acme',
    name: 'pdf-tools',
    version: '1.0.0',
    category: 'c',
    sha256: 'ab'.repeat(32),
    cert_chain_pem: ['a'],
    x: { y: [1] },
  },
  null,
  2,
);
const SKILL_YAML = `name: pdf-tools
version: 1.0.0
author: { name: Ann, email: ann@example.com }
keywords: [pdf, "text"]
frameworks:
  - name: openai
    adapter: .skill/openai.json
  - claude: ">=1.0.0"
dependencies:
  docx: ^1.0.0
  "@acme/csv": 1.x || >=2.5.0 <3.0.0
`;
const FRONTMATTER = `license: MIT
compatibility: >-
  Python 3,
  or later
allowed-tools: [Read, "Bash(git:*)"]
tags: [a, b]
hooks:
  - { on: start, run: [a, 'b'] }
  - |
    text
x: { y: [1, 2.5, true, null], "z": ~ }
`;

/** Small skills with everything that the readers know. */
export const BUILT: readonly [Bundle, ...Bundle[]] = [
  skill({
    frontmatter: FRONTMATTER,
    files: { 'manifest.json': MANIFEST, 'skill.yaml': SKILL_YAML, 'scripts/run.sh': 'echo hi\n' },
  }),
  skill({ files: { 'docs/技能.md': '技能\n', 'a/b/c/d.txt': 'x'.repeat(700), empty: '' } }),
  bundleWith({ [`references/${'a'.repeat(95)}/${'b'.repeat(95)}.md`]: 'long' }),
];

/** The small skills of the shared corpus, when it is there. */
export function corpusBundles(): Bundle[] {
  if (!existsSync(CORPUS)) return [];
  const skills = new Map<string, BundleFile[]>();
  for (const entry of readTar(gunzipSync(readFileSync(CORPUS)), { ...DEFAULT_LIMITS, maxFiles: 1_000_000 })) {
    const match = /^(?:\.\/)?skills\/([^/]+\/[^/]+)\/(.+)$/.exec(entry.path);
    if (entry.kind === 'folder' || match?.[1] === undefined || match[2] === undefined) continue;
    const files = skills.get(match[1]) ?? [];
    skills.set(match[1], files);
    files.push({ path: match[2], bytes: Uint8Array.from(entry.bytes), executable: entry.executable });
  }
  const small = [...skills.values()].filter((files) => sizeOf(files) < MAX_SKILL_BYTES);
  const step = Math.max(1, Math.floor(small.length / MAX_SKILLS));
  return small
    .filter((_, index) => index % step === 0)
    .map((files) => ({ files: files.sort((a, b) => comparePaths(a.path, b.path)) }));
}

/** The texts of all files with this path. */
export function textsOf(path: string, bundles: readonly Bundle[]): string[] {
  return bundles.flatMap(({ files }) =>
    files.filter((file) => file.path === path).map(({ bytes }) => new TextDecoder().decode(bytes)),
  );
}

const sizeOf = (files: readonly BundleFile[]) => files.reduce((sum, { bytes }) => sum + bytes.length, 0);
