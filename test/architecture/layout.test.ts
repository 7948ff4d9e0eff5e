import { describe, expect, test } from 'vitest';
import { checkAnatomy, checkFileNames, checkMigrations } from './layout.ts';
import { withPlants } from './plant.ts';
import { projectRoot } from './source-files.ts';

test('files are named after their verb or noun and can be read at once', () => {
  expect(checkFileNames(projectRoot)).toEqual([]);
});

test('every slice has a door and a page, every connector the same files and a fake', () => {
  expect(checkAnatomy(projectRoot)).toEqual([]);
});

test('every migration says in its name what it does and in its header why and what it locks', () => {
  expect(checkMigrations(projectRoot)).toEqual([]);
});

describe('the layout checks can fail', () => {
  test.each([
    ['src/stock/stockLevels.ts', '', 'is not kebab-case'],
    ['src/Stock/levels.ts', '', 'is not kebab-case'],
    ['src/stock/utils.ts', '', '"utils" says nothing'],
    ['src/stock/order-service.ts', '', '"service" says nothing'],
    ['src/common/money.ts', '', '"common" says nothing'],
    ['connectors/acme/test-helpers.ts', '', '"helpers" says nothing'],
    ['test/long.ts', 'export {};\n'.repeat(301), 'has 301 lines'],
  ])('%s is reported', (file, text, problem) => {
    const problems = withPlants({ [file]: text, 'src/stock/lock-levels.db.test.ts': '' }, checkFileNames);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  test('a folder without its door, page or fake is reported', () => {
    const bare = { 'src/stock/levels.ts': '', 'src/kernel/money.ts': '', 'connectors/acme/index.ts': '' };
    expect(withPlants(bare, checkAnatomy)).toEqual([
      'src/stock: lacks index.ts',
      'src/stock: lacks README.md',
      'connectors/acme: lacks README.md',
      'connectors/acme: lacks settings.ts',
      'connectors/acme: lacks client.ts',
      'connectors/acme: lacks wire.ts',
      'connectors/acme: lacks orders.ts',
      'connectors/acme: lacks fake.ts',
    ]);
  });

  const header = '-- The stock ledger and its running balances.\n-- Locks nothing: the tables are new.\n';

  test.each([
    ['0000_create_stock.sql', `${header}SELECT 1;\n`, []],
    ['0000_stock.sql', header, ['is not named NNNN_verb_noun.sql']],
    ['0000_big_hulk.sql', header, ['does not begin with a verb']],
    ['0001_create_stock.sql', header, ['is out of order, expected 0000']],
    ['0000_create_stock.sql', 'SELECT 1;\n', ['has no header that says why', 'does not say what it locks']],
    ['0000_create_stock.sql', '-- The stock ledger and its running balances.\n', ['does not say what it locks']],
  ])('a migration %s that begins %j has these problems: %j', (file, text, problems) => {
    const found = withPlants({ [`migrations/${file}`]: text }, checkMigrations);
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  test('an empty walk fails', () => {
    const empty = { 'README.md': '' };
    expect(() => withPlants(empty, checkFileNames)).toThrow('no source files');
    expect(() => withPlants(empty, checkAnatomy)).toThrow('no slices');
    expect(() => withPlants(empty, checkMigrations)).toThrow('no migrations');
  });
});
