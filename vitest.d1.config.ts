import { defineProject } from 'vitest/config';

/** The tests over HTTP that query the most, once more on D1 instead of libSQL. */
const topics = [
  'publish',
  'jobs',
  'similar-names',
  'search',
  'versions',
  'download',
  'yank',
  'visibility',
  'keys',
  'login',
  'clawhub-lists',
  'clawhub-openclaw',
  'clawhub-publish',
  'clawhub-read',
  'clawhub-resolve',
  'clawhub-uploads',
  'clawhub-delete',
  'clawhub-stars',
  'hub-contract',
  'hub-edit',
  'hub-search',
];

export default defineProject({
  test: {
    name: 'd1',
    include: topics.map((topic) => `test/http/${topic}.test.ts`),
    env: { HUB_TEST_DATABASE: 'd1' },
    globalSetup: ['test/support/registry-key.ts'],
    testTimeout: 30_000,
  },
});
