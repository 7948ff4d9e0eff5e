import type {
  ConformanceHarness,
  ConformanceWorld,
  Lacking,
  UnknownWord,
} from '../../src/connector-kit/conformance/index.ts';
import { moneyFromDecimal } from '../../src/kernel/index.ts';
import { createFakeMedusa, type FakeMedusa } from './fake/index.ts';
import { medusa as connector } from './index.ts';
import { medusaSettings, type MedusaSettings } from './settings.ts';

let worlds = 0;

const lacking: Lacking = { sessions: 'a secret API key does not expire', splitOrder: 'Medusa never splits an order' };

/** The fake Medusa for the conformance suite, answered in-process. */
export const medusaHarness: ConformanceHarness<MedusaSettings> = { connector, lacking, open: openWorld };

async function openWorld(): Promise<ConformanceWorld<MedusaSettings>> {
  let nowMs = Date.UTC(2026, 10, 21, 12);
  const fake = createFakeMedusa(() => new Date(nowMs));
  const baseUrl = `http://medusa-${(worlds += 1)}.test`;
  const settings = medusaSettings.parse({ baseUrl, apiKey: fake.state.apiKey });
  const order = (id: string): FakeMedusa['state']['orders'][number] => {
    const found = fake.state.orders.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`no order ${id}`);
    return found;
  };
  return {
    settings,
    wrongSettings: { ...settings, apiKey: 'sk_a_wrong_key' },
    fetch: async (input, init) => fake.fetch(new Request(input, init)),
    isWrite: (request) => request.method !== 'GET',
    now: () => new Date(nowMs),
    advance: (ms) => {
      nowMs += ms;
    },
    placeOrder: async (spec) => {
      const { lines, currency = 'EUR', externalId } = spec;
      const placed = fake.placeOrder({ lines, currency, ...(externalId === undefined ? {} : { id: externalId }) });
      const minorOf = (amount: string): number => moneyFromDecimal(amount, currency).amount.minor;
      const amounts = placed.items.map((item) => minorOf(item.unitPrice) * item.quantity);
      return {
        externalId: placed.id,
        number: String(placed.displayId),
        currency,
        totalMinor: amounts.reduce((sum, amount) => sum + amount, minorOf(placed.shipping)),
        lines: placed.items.map((item, index) => ({
          externalId: item.id,
          listingExternalId: item.variantId,
          quantity: item.quantity,
          amountMinor: amounts[index] ?? 0,
        })),
      };
    },
    touchOrder: async (id) => fake.touchOrder(id),
    packagesOf: (id) =>
      order(id)
        .fulfilments.filter((fulfilment) => fulfilment.canceled_at === null)
        .map((fulfilment) => ({
          externalId: fulfilment.id,
          trackingNumber: fulfilment.labels[0]?.tracking_number ?? null,
        })),
    refundsOf: (id) =>
      order(id).payments.flatMap((payment) =>
        payment.refunds.map((refund) => ({
          externalId: refund.id,
          amountMinor: moneyFromDecimal(refund.amount, order(id).currency).amount.minor,
        })),
      ),
    cancelledUnitsOf: (id) => cancelledUnits(order(id)),
    saleableOf: (id) => saleable(fake, id),
    refuseStockOf: (id) => fake.deleteVariant(id),
    unknownWords: unknownWords(order),
    personalData: ['buyer@example.com', 'Greta', 'Gäst', '5550100', 'Hafenstraße'],
    close: async () => undefined,
  };
}

function unknownWords(order: (id: string) => FakeMedusa['state']['orders'][number]): UnknownWord[] {
  return [
    { field: 'order.status', plant: (id, raw) => void (order(id).status = raw) },
    {
      field: 'return.status',
      plant: (id, raw) => {
        const { createdAt, returns } = order(id);
        returns.push({ id: 'return_1', status: raw, created_at: createdAt, requested_at: createdAt, items: [] });
      },
    },
  ];
}

/** Of variants whose stock is one item's, each worth one unit; nothing of what was deleted. */
function saleable(fake: FakeMedusa, variantId: string): number {
  const share = fake.state.variants.find(({ id }) => id === variantId)?.shares[0];
  const levels = fake.state.inventory.find(({ id }) => id === share?.inventoryItemId)?.levels ?? [];
  return levels.reduce((sum, level) => sum + level.stocked - level.reserved, 0);
}

function cancelledUnits(order: FakeMedusa['state']['orders'][number]): number {
  const sold = [...order.firstQuantities.values()].reduce((sum, units) => sum + units, 0);
  const left = order.items.reduce(
    (sum, item) => sum + (order.status === 'canceled' ? item.fulfilled : item.quantity),
    0,
  );
  return sold - left;
}
