import { describe, expect, test } from 'vitest';
import { checkDatabaseClock } from './database-clock.ts';
import { withPlants } from './plant.ts';
import { projectRoot } from './source-files.ts';

test('no verb asks the database for the time', () => {
  expect(checkDatabaseClock(projectRoot)).toEqual([]);
});

describe('the check can fail', () => {
  test.each([
    'await tx.execute(sql`UPDATE t SET at = now() WHERE id = ${id}`);',
    'await tx.execute(sql`SELECT ${id}, Now ( )`);',
    'await tx.execute(sql<Row>`SELECT CURRENT_TIMESTAMP`);',
    "await tx.execute(sql.raw('SELECT clock_timestamp()'));",
    'const due = sql`due_at < localtimestamp`;',
    "timestamp('made_at').defaultNow().notNull();",
  ])('%s is reported', (statement) => {
    const problems = withPlants({ 'src/stock/plant.ts': `\n${statement}\n` }, checkDatabaseClock);
    expect(problems).toEqual(['src/stock/plant.ts:2: asks the database for the time; use ctx.now']);
  });

  test.each([
    'await tx.execute(sql`UPDATE t SET at = ${ctx.now}, seen_now = ${clock.now()} WHERE known()`);',
    '// sql`now()` would be wrong here',
    "throw new Error('not now (later)');",
  ])('%s is fine', (statement) => {
    expect(withPlants({ 'src/stock/plant.ts': statement }, checkDatabaseClock)).toEqual([]);
  });

  test('platform/db, where the time is read, and tests may ask', () => {
    const files = { 'src/platform/db/transact.ts': 'sql`SELECT now()`;', 'src/a.test.ts': 'sql`SELECT now()`;' };
    expect(withPlants({ ...files, 'src/stock/plant.ts': '' }, checkDatabaseClock)).toEqual([]);
  });

  test('an empty walk fails', () => {
    expect(() => withPlants({ 'README.md': '' }, checkDatabaseClock)).toThrow('no source files');
  });
});
