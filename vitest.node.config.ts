import { defineProject } from 'vitest/config';

export default defineProject({
  test: {
    name: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['test/worker/**', 'test/clients/**', '**/node_modules/**'],
    globalSetup: ['test/support/registry-key.ts', 'test/support/build.ts'],
    // Left to Node, its .mjs files fail: they import a folder.
    server: { deps: { inline: ['clipanion'] } },
    testTimeout: 30_000,
  },
});
