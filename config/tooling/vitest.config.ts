import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The fast suite: everything but the live storefronts, on one embedded cluster. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: [
      'src/**/*.test.{ts,tsx}',
      'connectors/**/*.test.{ts,tsx}',
      'config/**/*.test.ts',
      'test/**/*.test.ts',
      'test/**/*.scenario.test.ts',
    ],
    exclude: ['**/node_modules/**', 'test/live/**'],
    globalSetup: ['test/support/global-setup.ts'],
    // Two cores: a third worker only waits for PostgreSQL, which needs its share of them too.
    maxWorkers: 2,
    // Far above what anything takes: a slow machine must not fail what is only slow.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
