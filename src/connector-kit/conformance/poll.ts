import assert from 'node:assert/strict';
import type { RawDocument } from '../pull.ts';
import type { Bench } from './bench.ts';

/** A poll that needs more pages than this for a few hundred orders does not end. */
const pagesMax = 500;

export type PolledPage = {
  readonly documents: readonly RawDocument[];
  readonly state: unknown;
  readonly isLast: boolean;
};

/** The page size of a connector that is polled. */
export function pageSizeOf(bench: Bench): number {
  return bench.connector.orders.pull?.pageSizeMax ?? assert.fail('the connector has no polls');
}

/** How late the listing of a connector that is polled may be. */
export function lagOf(bench: Bench): number {
  return bench.connector.orders.pull?.lagMs ?? assert.fail('the connector has no polls');
}

/** One page as the hub reads it: the state goes through JSON both ways. `state` of the answer is what the hub would store. */
export async function pullPage(bench: Bench, state: unknown): Promise<PolledPage> {
  const { orders } = bench.connector;
  assert.ok(orders.pullOrders !== undefined, 'the connector has no polls');
  const page = await orders.pullOrders(bench.io(), stored(state), bench.since);
  const isLast = page.next === null;
  return { documents: page.items, state: stored(isLast ? page.resume : page.next), isLast };
}

/** Polls to the end; `between` runs after each page that is not the last. Gives the state to resume from. */
export async function poll(
  bench: Bench,
  state: unknown,
  onPage: (page: PolledPage, index: number) => Promise<void> | void,
): Promise<unknown> {
  let at = state;
  for (let index = 0; index < pagesMax; index += 1) {
    const page = await pullPage(bench, at);
    at = page.state;
    await onPage(page, index);
    if (page.isLast) return at;
  }
  assert.fail(`the poll did not end within ${pagesMax} pages`);
}

function stored(state: unknown): unknown {
  return state === null ? null : JSON.parse(JSON.stringify(state));
}
