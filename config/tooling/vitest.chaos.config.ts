import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Real processes that are killed, stopped and cut off, one file after the other, each on servers of its own. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['test/chaos/**/*.chaos.test.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    isolate: false,
    // Settling waits up to ten times its goal of a minute.
    testTimeout: 900_000,
    hookTimeout: 300_000,
  },
});
