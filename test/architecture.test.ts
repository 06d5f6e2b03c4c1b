import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Which parts of the tree a part may import from; imports run one way. */
const ALLOWED: Record<string, string[]> = {
  'src/format': [],
  'src/vetting': ['src/format'],
  'src/db': ['src/format'],
  'src/core': ['src/format', 'src/vetting', 'src/db'],
  'src/adapters': ['src/core/deps.ts', 'src/core/problem.ts', 'src/format', 'src/db'],
  'src/jobs': ['src/core'],
  'src/http/kit': ['src/format', 'src/core'],
  'src/http/v1': ['src/format', 'src/db/schema', 'src/core', 'src/http/kit'],
  'src/http/clawhub': ['src/format', 'src/db/schema', 'src/core', 'src/http/kit'],
  'src/http/well-known': ['src/format', 'src/db/schema', 'src/core', 'src/http/kit'],
  'src/http/spm': ['src/format', 'src/db/schema', 'src/core', 'src/http/kit'],
  'src/http/log': ['src/core', 'src/http/kit'],
  'src/http/hub': ['src/format', 'src/db/schema', 'src/core', 'src/http/kit'],
  'src/ui': ['src/format', 'src/core', 'src/http/kit'],
  'src/app.ts': ['src/core', 'src/http', 'src/ui'],
  'src/env.ts': ['src/core/deps.ts', 'src/format', 'src/env-scanners.ts'],
  'src/env-scanners.ts': ['src/format'],
  'src/platform.ts': ['src/core/deps.ts', 'src/adapters', 'src/db', 'src/env.ts', 'src/app.ts', 'src/http/kit'],
  'src/worker.ts': ['src/app.ts', 'src/env.ts', 'src/jobs', 'src/platform.ts'],
  'cli/loader': ['src/format'],
  // The outbox writes mails to files with the composer that SMTP uses.
  cli: [
    'src/format',
    'src/vetting',
    'src/http/v1/schemas.ts',
    'src/http/v1/admin-schemas.ts',
    'src/adapters/mail-message.ts',
  ],
};

const files = ['src', 'cli'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file)),
);

const within = (file: string, part: string) => file === part || file.startsWith(`${part}/`);

test('imports run one way', () => {
  const wrong = files.flatMap((file) => {
    const part = Object.keys(ALLOWED).find((candidate) => within(file, candidate));
    if (part === undefined) return [`${file} belongs to no part`];
    const allowed = [part, ...(ALLOWED[part] ?? [])];
    return importsOf(file)
      .filter((target) => !allowed.some((prefix) => within(target, prefix)))
      .map((target) => `${file} imports ${target}`);
  });
  expect(files.length).toBeGreaterThan(80);
  expect(wrong).toEqual([]);
});

test('core takes time, chance and the network from its dependencies', () => {
  const globals = /\bDate\.now\(|new Date\(\)|Math\.random\(|crypto\.(randomUUID|getRandomValues)\(|(?<![.\w])fetch\(/;
  expect(files.filter((file) => /^src\/(core|format|vetting)\//.test(file) && globals.test(read(file)))).toEqual([]);
});

test('only the entry reads the environment', () => {
  const readers = files.filter(
    // Rules about harmful code name what it reads.
    (file) =>
      file.startsWith('src/') &&
      !file.startsWith('src/vetting/') &&
      /process\.env|from 'cloudflare:workers'/.test(read(file)),
  );
  expect(readers).toEqual([]);
});

test('the Worker uses no module of Node', () => {
  expect(files.filter((file) => file.startsWith('src/') && /from 'node:/.test(read(file)))).toEqual([]);
});

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function importsOf(file: string): string[] {
  const specifiers = [...read(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  );
  return specifiers.map((specifier) => relative(root, resolve(root, dirname(file), specifier)));
}
