// Bundles the Worker and the command line into dist/. `npm ci` runs it, and so does wrangler before a deploy.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';

const common = { bundle: true, format: 'esm', minify: true, legalComments: 'none', logLevel: 'warning', write: false };

const worker = await build({
  ...common,
  entryPoints: { worker: 'src/worker.ts' },
  outdir: 'dist/worker',
  target: 'es2023',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['cloudflare:*', 'node:*'],
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
});

const cli = await build({
  ...common,
  entryPoints: { main: 'cli/main.ts' },
  outdir: 'dist/cli',
  platform: 'node',
  target: 'node22',
  splitting: true,
  external: ['miniflare'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});

// Without the condition `node`, packages give their ES modules, of which only what is used stays; it runs on Bun and Deno, too.
const loader = await build({
  ...common,
  entryPoints: { index: 'cli/loader/index.ts' },
  outdir: 'dist/loader',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  external: ['node:*'],
  target: 'es2023',
});
// What the loader declares stands in a file that imports nothing and has no code.
loader.outputFiles.push({ path: resolve('dist/loader/index.d.ts'), contents: readFileSync('cli/loader/public.ts') });

// A build may run while a hub or a command starts: files that are the same stay untouched, others change at once.
for (const { path, contents } of [...worker.outputFiles, ...cli.outputFiles, ...loader.outputFiles]) {
  if (existsSync(path) && readFileSync(path).equals(contents)) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
}
const chunks = new Set(cli.outputFiles.map(({ path }) => basename(path)));
for (const file of readdirSync('dist/cli')) {
  if (!chunks.has(file)) rmSync(join('dist/cli', file));
}

// npm links the bins of dependencies, not the package's own: with this, `npx skills` in the checkout needs no look-up.
const link = 'node_modules/.bin/skills';
if (process.platform !== 'win32' && existsSync('node_modules/.bin') && !existsSync(link)) {
  symlinkSync('../../cli/bin.js', link);
}
