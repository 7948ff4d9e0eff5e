import assert from 'node:assert/strict';
import { ChannelFault } from '../../channel-fault.ts';
import type { StockPush, StockPushResult, ToldStockCapability } from '../../connector.ts';
import { onBench, partOf, type Bench } from '../bench.ts';
import { pushOf } from '../calls.ts';
import type { ConformanceHarness } from '../harness.ts';

/**
 * One listing of a batch is refused. Its neighbours are told and shown, it has a result of its own with the channel's reason,
 * wherever in the batch it stands. A channel that takes a message whole or not at all reports `rejected`, shows none of it, and
 * takes the good ones each by itself.
 */
export async function partialSuccess(harness: ConformanceHarness): Promise<void> {
  for (const at of [0, 1, 2]) {
    await onBench(harness, (bench) => oneRefused(bench, at));
  }
}

async function oneRefused(bench: Bench, at: number): Promise<void> {
  const stock = bench.connector.stock ?? assert.fail('the connector has no stock');
  const shown = partOf('saleableOf', bench.world.saleableOf?.bind(bench.world));
  const refuse = partOf('refuseStockOf', bench.world.refuseStockOf);
  const placed = await bench.world.placeOrder({ lines: [{ quantity: 1 }, { quantity: 1 }, { quantity: 1 }] });
  const ids = placed.lines.map((line) => line.listingExternalId);
  assert.equal(new Set(ids).size, 3, 'three lines of an order do not sell three listings');
  assertResults(
    await push(
      bench,
      stock,
      ids.map((id) => pushOf(id, 20, '1')),
    ),
    ids,
    null,
  );
  const bad = ids[at] ?? assert.fail();
  const good = ids.filter((id) => id !== bad);
  const before = good.map(shown);
  refuse(bad);
  const pushes = ids.map((id, index) => pushOf(id, 30 + index, '2'));
  const answer = await push(bench, stock, pushes);
  if (answer instanceof ChannelFault) {
    assert.equal(answer.kind, 'rejected', `a batch with one bad listing reported ${answer.kind}`);
    assert.deepEqual(good.map(shown), before, 'a batch that was refused whole shows some of its numbers');
    for (const each of pushes) await pushAlone(bench, stock, each, bad);
  } else {
    assertResults(answer, ids, bad);
  }
  const rose = good.map((id, index) => shown(id) - (before[index] ?? 0));
  assert.deepEqual(
    rose,
    good.map((id) => 10 + ids.indexOf(id)),
    'a neighbour of a refused listing is not shown',
  );
}

type Stock = ToldStockCapability<unknown>;
type Answer = readonly StockPushResult[] | ChannelFault;

async function push(bench: Bench, stock: Stock, pushes: readonly StockPush[]): Promise<Answer> {
  try {
    return await stock.pushStock(bench.io(), pushes);
  } catch (error) {
    if (error instanceof ChannelFault) return error;
    throw error;
  }
}

async function pushAlone(bench: Bench, stock: Stock, one: StockPush, bad: string): Promise<void> {
  const answer = await push(bench, stock, [one]);
  const isBad = one.listingExternalId === bad;
  if (answer instanceof ChannelFault) {
    assert.ok(isBad && answer.kind === 'rejected', `a good listing by itself reported ${answer.kind}`);
  } else {
    assertResults(answer, [one.listingExternalId], isBad ? bad : null);
  }
}

function assertResults(answer: Answer, ids: readonly string[], bad: string | null): void {
  if (answer instanceof ChannelFault) throw answer;
  assert.equal(answer.length, ids.length, `${ids.length} listings have ${answer.length} results`);
  for (const id of ids) {
    const result: StockPushResult | undefined = answer.find(({ listingExternalId }) => listingExternalId === id);
    assert.ok(result !== undefined, `listing ${id} has no result`);
    assert.equal(result.outcome, id === bad ? 'failed' : 'told', `listing ${id} is ${result.outcome}`);
    if (result.outcome === 'failed') assert.notEqual(result.code, '', 'a refused listing has no code');
  }
}
