import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Real storefronts from npm, one file after the other. The first run of a day downloads them. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['test/live/**/*.live.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 600_000,
  },
});
