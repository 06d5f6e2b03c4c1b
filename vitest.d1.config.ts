import { defineProject } from 'vitest/config';

/** The tests over HTTP once more, on D1 instead of libSQL. */
export default defineProject({
  test: {
    name: 'd1',
    include: ['test/http/**/*.test.ts'],
    env: { HUB_TEST_DATABASE: 'd1' },
    globalSetup: ['test/support/registry-key.ts'],
    testTimeout: 30_000,
  },
});
