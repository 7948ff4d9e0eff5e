import { expect, it } from 'vitest';
import { readPlans, type Explained, type PlanNode } from './explain-all.ts';
import { judgePlans } from './judge-plans.ts';

const growing = new Set(['orders']);
const text = 'select *\n  from orders where shop_id = $1';

function run(pages: number, more: Partial<PlanNode> = {}): Explained {
  const plan = { 'Node Type': 'Index Scan', 'Relation Name': 'orders', 'Shared Hit Blocks': pages, ...more };
  return { text, plan };
}

const faultsOf = (small: readonly Explained[], large: readonly Explained[]): readonly string[] =>
  judgePlans(small, large, growing).flatMap(({ faults }) => faults);

it('a statement that reads as much as before is in order', () => {
  expect(faultsOf([run(80)], [run(120)])).toEqual([]);
});

it('one that reads more than twice as much is refused, unless that is little', () => {
  expect(faultsOf([run(80)], [run(200)])).toEqual(['touches 200 pages a row, and 80 before']);
  expect(faultsOf([run(20)], [run(60)])).toEqual([]);
});

it('one that reads a growing table from end to end is refused, however deep in its plan and however little it reads', () => {
  const scan: PlanNode = { 'Node Type': 'Seq Scan', 'Relation Name': 'orders', 'Actual Loops': 1 };
  expect(faultsOf([run(1)], [run(1, { Plans: [{ 'Node Type': 'Sort', Plans: [scan] }] })])).toEqual([
    'reads orders from end to end',
  ]);
  const never = { ...scan, 'Actual Loops': 0 };
  expect(faultsOf([run(1)], [run(1, { Plans: [never] })])).toEqual([]);
});

it('a batch of ten times the rows may read ten times as much', () => {
  const batch = (rows: number): Partial<PlanNode> => ({
    'Node Type': 'ModifyTable',
    Plans: [{ 'Node Type': 'Values Scan', 'Actual Rows': rows }],
  });
  expect(faultsOf([run(50, batch(5))], [run(500, batch(50))])).toEqual([]);
  expect(faultsOf([run(50, batch(5))], [run(500, batch(5))])).toHaveLength(1);
});

it('a table that does not grow may be read as one likes', () => {
  const scan: Partial<PlanNode> = { 'Node Type': 'Seq Scan', 'Relation Name': 'warehouses' };
  expect(judgePlans([run(1, scan)], [run(900, scan)], growing)).toEqual([]);
});

it('plans are read out of the log of the server, between whatever else it says', async () => {
  const log = [
    '2026-11-22 05:00:00 UTC [7] LOG:  duration: 0.104 ms  plan:',
    '\t{',
    '\t  "Query Text": "select 1\\nfrom orders",',
    '\t  "Plan": { "Node Type": "Seq Scan", "Relation Name": "orders", "Shared Hit Blocks": 3 }',
    '\t}',
    '2026-11-22 05:00:00 UTC [7] WARNING:  something else',
    '\tof two lines',
    '2026-11-22 05:00:01 UTC [7] LOG:  duration: 0.2 ms  plan:',
    '\t{ "Query Text": "select 2", "Plan": { "Node Type": "Result" } }',
  ];
  async function* lines(): AsyncIterable<string> {
    yield* log;
  }
  const found = await readPlans(lines());
  expect(found.map(({ text: query }) => query)).toEqual(['select 1\nfrom orders', 'select 2']);
  expect(found[0]?.plan['Shared Hit Blocks']).toBe(3);
});
