import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/main/checks.ts';

const root = join(import.meta.dirname, '../..');

type Row = { readonly invariant: string; readonly cells: readonly string[] };

function readTable(text: string): Row[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => {
    const [invariant = '', ...cells] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { invariant, cells };
  });
}

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** What the table names and is not there, and what is there and it does not name. */
function checkTable(text: string): string[] {
  const table = readTable(text);
  const migrations = readdirSync(join(root, 'migrations'))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => readFileSync(join(root, 'migrations', name), 'utf8'))
    .join('\n');
  const named = new Set(table.flatMap(({ cells }) => quoted(cells[2] ?? '')));
  const numbers = new Set(table.map(({ invariant }) => Number.parseInt(invariant, 10)));
  return [
    ...[1, 2, 3, 4, 5, 6, 7, 8]
      .filter((number) => !numbers.has(number))
      .map((number) => `no row of invariant ${number}`),
    ...table.flatMap(({ invariant, cells }) => [
      ...(cells.length === 4 && cells.every((cell) => cell !== '') ? [] : [`${invariant}: a cell is empty`]),
      ...quoted(cells[0] ?? '')
        .filter((name) => name.includes('_') && !migrations.includes(`"${name}"`))
        .map((name) => `${invariant}: no migration makes ${name}`),
      ...[cells[1] ?? '', cells[3] ?? ''].flatMap((cell) =>
        quoted(cell).length === 0 ? [`${invariant}: names no file in "${cell}"`] : [],
      ),
    ]),
    ...quoted(text)
      .filter((name) => name.includes('/') && !existsSync(join(root, name)))
      .map((name) => `${name} does not exist`),
    ...checks.filter(({ name }) => !named.has(name)).map(({ name }) => `the line ${name} of the audit is not named`),
    ...[...named]
      .filter((name) => !checks.some((check) => check.name === name))
      .map((name) => `no line ${name} in the audit`),
  ];
}

const page = readFileSync(join(root, 'src/main/invariants.md'), 'utf8');

describe('the table of invariants', () => {
  it('names constraints, tests, lines of the audit and naive versions that exist, and leaves out none', () => {
    expect(checkTable(page)).toEqual([]);
  });

  it.each([
    [
      'a test that is gone',
      page.replaceAll('model.db.test.ts', 'gone.db.test.ts'),
      'src/main/gone.db.test.ts does not exist',
    ],
    [
      'a line of the audit that it forgets',
      page.replace('`orders.once`', 'none'),
      'the line orders.once of the audit is not named',
    ],
    [
      'a line that the audit does not have',
      page.replace('`orders.once`', '`orders.twice`'),
      'no line orders.twice in the audit',
    ],
    [
      'a constraint that is gone',
      page.replace('`invoices_serial`', '`invoices_gone`'),
      '5 invoices: no migration makes invoices_gone',
    ],
    ['an invariant without a row', page.replace('| 8 no death', '| 9 no death'), 'no row of invariant 8'],
  ])('would tell %s', (_what, planted, problem) => {
    expect(checkTable(planted)).toContain(problem);
  });
});
