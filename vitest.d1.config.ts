import { defineProject } from 'vitest/config';

/** Tests over HTTP whose statements differ most from each other, once more on D1 instead of libSQL, which is much slower. */
const topics = [
  'publish',
  'search',
  'search-filters',
  'versions',
  'yank',
  'keys',
  'login',
  'log',
  'log-moderation',
  'downloads',
  'registry-rotation',
  'clawhub-read',
  'hub-edit',
  'spm-read',
];

export default defineProject({
  test: {
    name: 'd1',
    include: topics.map((topic) => `test/http/${topic}.test.ts`),
    env: { HUB_TEST_DATABASE: 'd1' },
    globalSetup: ['test/support/registry-key.ts', 'test/support/d1-template.ts'],
    testTimeout: 30_000,
  },
});
