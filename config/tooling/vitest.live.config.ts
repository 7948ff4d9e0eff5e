import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Real storefronts from npm, two files at a time: each mostly waits for its shop. The first run of a day downloads them. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['test/live/**/*.live.test.ts'],
    globalSetup: ['test/support/global-setup.ts', 'test/live/install-storefronts.ts'],
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 600_000,
  },
});
