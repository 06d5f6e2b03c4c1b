// Bundles the Worker and the command line into dist/. `npm ci` runs it, and so does wrangler before a deploy.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

// Chunks carry their hash in their names, so old ones would stay.
await rm('dist/cli', { recursive: true, force: true });

const common = {
  bundle: true,
  format: 'esm',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: false,
};

await Promise.all([
  build({
    ...common,
    entryPoints: { worker: 'src/worker.ts' },
    outdir: 'dist/worker',
    target: 'es2023',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
  }),
  build({
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
  }),
]);
