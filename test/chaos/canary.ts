import { sql } from 'drizzle-orm';
import { Fault } from '../../src/kernel/index.ts';
import { rows, type Database } from '../../src/platform/db/index.ts';

/**
 * Writes pairs of rows in transactions of the product's own kind for as long as the faults go on. A pair of which one half
 * stands is half a transaction; one that was acknowledged and does not stand is a lost one.
 */
export type Canary = {
  /** Ends it and says what is wrong. */
  findings(): Promise<{ readonly pairs: number; readonly wrong: string[] }>;
};

const pauseMs = 15;

export async function openCanary(database: Database): Promise<Canary> {
  const actor = { kind: 'system', id: 'canary' } as const;
  await database.transact({ actor }, ({ tx }) =>
    rows(tx, sql`create table if not exists canary (pair int, half int, primary key (pair, half))`),
  );
  const committed: number[] = [];
  const errors: string[] = [];
  let isWriting = true;
  let pair = 0;
  const write = async (): Promise<void> => {
    while (isWriting) {
      pair += 1;
      const number = pair;
      try {
        await database.transact({ actor }, async ({ tx }) => {
          await rows(tx, sql`insert into canary values (${number}, 1)`);
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
          await rows(tx, sql`insert into canary values (${number}, 2)`);
        });
        committed.push(number);
      } catch (error) {
        const isExpected = error instanceof Fault && (error.kind === 'unavailable' || error.kind === 'outcome_unknown');
        if (!isExpected) errors.push(String(error));
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  };
  const writing = Promise.all([write(), write()]);
  return {
    async findings() {
      isWriting = false;
      await writing;
      const found = await database.read((db) =>
        rows<{ pair: number; halves: number }>(db, sql`select pair, count(*) as halves from canary group by pair`),
      );
      const whole = new Set(found.filter(({ halves }) => halves === 2).map((each) => each.pair));
      return {
        pairs: committed.length,
        wrong: [
          ...errors,
          ...found.filter(({ halves }) => halves !== 2).map((each) => `half: pair ${each.pair}`),
          ...committed.filter((each) => !whole.has(each)).map((each) => `lost: pair ${each}, committed`),
        ],
      };
    },
  };
}
