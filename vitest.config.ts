import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['vitest.node.config.ts', 'vitest.d1.config.ts', 'vitest.workerd.config.ts'],
  },
});
