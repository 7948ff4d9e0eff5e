import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

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
    // The image and the restore drill take minutes of their own: .ci/run runs them with test:servers.
    exclude: ['**/node_modules/**', '**/*.chaos.test.ts', 'test/live/**', 'test/image/**', 'test/scenarios/restore*'],
    globalSetup: ['test/support/global-setup.ts'],
    // Scenarios mostly wait for processes and clocks: on two cores a third worker took 289 s where two took 318 s.
    maxWorkers: 3,
    // Far above what anything takes: a slow machine must not fail what is only slow.
    // Files share the modules of their worker: importing the program for each of 176 files took a third of all time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
