import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests that need no database: part of `npm run check`. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'connectors/**/*.test.{ts,tsx}', 'config/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/*.chaos.test.ts',
      '**/*.db.test.{ts,tsx}',
      '**/*.scenario.test.ts',
      'test/live/**',
    ],
    maxWorkers: 2,
    // Files share the modules of their worker: importing the program for each of 176 files took a third of all time.
    isolate: false,
    testTimeout: 30_000,
  },
});
