import assert from 'node:assert/strict';
import { currencyExponent } from '../../../kernel/index.ts';
import type { RawDocument } from '../../pull.ts';
import type { ChannelOrder } from '../../models/order.ts';
import { onBench, pushedDocuments, type Bench } from '../bench.ts';
import type { ConformanceHarness, PlacedOrder } from '../harness.ts';
import { poll } from '../poll.ts';

/** Amounts that a float loses (1.15 × 100 is 114.99…) or a wrong exponent moves: yen without decimals, dinars with three. */
const prices = [
  { currency: 'EUR', unitPrice: '92.86', quantity: 1 },
  { currency: 'EUR', unitPrice: '1.15', quantity: 1 },
  { currency: 'EUR', unitPrice: '90071992547.41', quantity: 1 },
  { currency: 'CNY', unitPrice: '0.29', quantity: 1 },
  { currency: 'JPY', unitPrice: '1050', quantity: 2 },
  { currency: 'KWD', unitPrice: '1.005', quantity: 1 },
  { currency: 'EUR', unitPrice: '8.29', quantity: 7 },
] as const;

/** Two neighbours above 2^53, which one JS number would hold both of, and one above 2^64. */
const bigIds = ['1234567890123456788', '1234567890123456789', '98765432109876543210'] as const;

/** Case 8. Ids of 19 and 20 digits and exact amounts come through poll and read without loss. */
export async function bigIdsAndExactMoney(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const placed: PlacedOrder[] = [];
    for (const { currency, unitPrice, quantity } of prices) {
      const order = await bench.world.placeOrder({ currency, lines: [{ quantity, unitPrice }] });
      assert.equal(
        order.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        minorOf(unitPrice, currency) * quantity,
        'the fake charged another price',
      );
      placed.push(order);
    }
    for (const externalId of bigIds) {
      placed.push(await bench.world.placeOrder({ externalId, lines: [{ quantity: 1 }] }));
    }
    bench.world.advance(1_000);
    const polled = new Map<string, ChannelOrder>();
    const take = (documents: readonly RawDocument[]): void => {
      for (const document of documents) polled.set(document.externalId, bench.translate(document));
    };
    if (bench.connector.orders.pullOrders === undefined) take(pushedDocuments(bench.connector, bench.world));
    else await poll(bench, null, (page) => take(page.documents));
    for (const order of placed) {
      checkOrder(polled.get(order.externalId) ?? assert.fail(`order ${order.externalId} came under another id`), order);
      checkOrder(bench.translate(await bench.read(order.externalId)), order);
    }
    await checkListings(bench, placed);
  });
}

function minorOf(unitPrice: string, currency: string): number {
  const [whole = '', fraction = ''] = unitPrice.split('.');
  return Number(whole + fraction.padEnd(currencyExponent(currency), '0'));
}

function checkOrder(order: ChannelOrder, placed: PlacedOrder): void {
  const { externalId, number, currency, totalMinor } = placed;
  assert.deepEqual(
    { externalId: order.externalId, number: order.number, currency: order.currency, totalMinor: order.totalMinor },
    { externalId, number, currency, totalMinor },
  );
  const lines = order.lines.map((line) => ({
    externalId: line.externalId,
    listingExternalId: line.listingExternalId,
    quantity: line.quantity,
    amountMinor: line.amountMinor,
  }));
  assert.deepEqual(lines, placed.lines, `the lines of order ${externalId} (${currency})`);
  assert.equal(residualOf(order), 0, `order ${externalId} (${currency}) does not add up`);
}

/** total − (Σ lines + shipping + taxes where prices exclude them − discounts), in minor units. */
function residualOf(order: ChannelOrder): number {
  const sum = (amounts: readonly { amountMinor: number }[]): number =>
    amounts.reduce((total, { amountMinor }) => total + amountMinor, 0);
  const parts = [...order.lines, ...order.shipping];
  const tax = order.pricesIncludeTax ? 0 : sum(parts.flatMap((part) => part.taxes));
  return order.totalMinor - (sum(parts) + tax - sum(order.discounts));
}

/** Every listing that was sold is found under the same id among the listings. */
async function checkListings(bench: Bench, placed: readonly PlacedOrder[]): Promise<void> {
  const { listings } = bench.connector;
  if (listings?.pullListings === undefined) return;
  const found = new Set<string>();
  let state: unknown = null;
  do {
    const page = await listings.pullListings(bench.io(), state);
    for (const listing of page.items) found.add(listing.externalId);
    state = page.next;
  } while (state !== null);
  for (const line of placed.flatMap((order) => order.lines)) {
    assert.ok(found.has(line.listingExternalId), `sold listing ${line.listingExternalId} is not among the listings`);
  }
}
