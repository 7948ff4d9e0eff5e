import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What depends on the servers behind the program: its stories, the queue, the database, the doctor. `.ci/servers` starts the pair. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: [
      'test/{scenarios,image}/**/*.scenario.test.ts',
      'src/platform/{db,queue,backup,audit}/**/*.db.test.ts',
      'src/main/{doctor/doctor,serve}.db.test.ts',
    ],
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 3,
    // Files share the modules of their worker: importing the program for each of 176 files took a third of all time.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
