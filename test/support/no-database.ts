import type { Database } from '../../src/platform/db/index.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('no database in this test'));

/** For what is tested without one: whoever asks it for anything is refused. */
export const noDatabase: Database = {
  transact: refuse,
  store: refuse,
  read: refuse,
  snapshot: refuse,
  pools: () => [],
  close: () => Promise.resolve(),
};
