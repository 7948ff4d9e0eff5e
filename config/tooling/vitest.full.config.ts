import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '../..');

/** Every test that takes how much it does from test/support/figures.ts; those with servers of their own are `test:chaos`. */
function figureSuites(): string[] {
  const files = ['src', 'connectors', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return files.filter(
    (file) =>
      /(?<!chaos)\.test\.tsx?$/.test(file) && readFileSync(join(root, file), 'utf8').includes('support/figures.ts'),
  );
}

/** The randomised suites alone, for `npm run test:full`: hours of walks, races, seeds and mutations. */
export default defineConfig({
  root,
  test: {
    include: [...figureSuites(), 'test/scenarios/restore.scenario.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    isolate: false,
    testTimeout: 4 * 3_600_000,
    hookTimeout: 600_000,
  },
});
