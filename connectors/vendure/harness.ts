import type {
  ConformanceHarness,
  ConformanceWorld,
  Lacking,
  UnknownWord,
} from '../../src/connector-kit/conformance/index.ts';
import { currencyExponent } from '../../src/kernel/index.ts';
import { createFakeVendure, type FakeVendure } from './fake/index.ts';
import { vendure as connector } from './index.ts';
import { vendureSettings, type VendureSettings } from './settings.ts';

let worlds = 0;

const lacking: Lacking = {
  splitOrder: 'a shop splits only by code of its own, and the parts are orders of other channels',
};

/** The fake Vendure for the conformance suite, answered in-process. */
export const vendureHarness: ConformanceHarness<VendureSettings> = { connector, lacking, open: openWorld };

async function openWorld(): Promise<ConformanceWorld<VendureSettings>> {
  let nowMs = Date.UTC(2026, 10, 21, 12);
  const fake = createFakeVendure(() => new Date(nowMs));
  const adminApiUrl = `http://vendure-${(worlds += 1)}.test/admin-api`;
  const settings = vendureSettings.parse({ adminApiUrl, username: 'superadmin', password: 'a fake password' });
  const order = (id: string): FakeVendure['state']['orders'][number] => {
    const found = fake.state.orders.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`no order ${id}`);
    return found;
  };
  return {
    settings,
    wrongSettings: { ...settings, password: 'a wrong password' },
    fetch: async (input, init) => fake.fetch(new Request(input, init)),
    isWrite: async (request) => {
      const body = await request.text();
      return body.includes('"query":"mutation') && !body.includes('WharfSignIn');
    },
    now: () => new Date(nowMs),
    advance: (ms) => {
      nowMs += ms;
    },
    placeOrder: async (spec) => {
      const currency = spec.currency ?? 'EUR';
      const lines = spec.lines.map(({ quantity, unitPrice }) => ({
        quantity,
        unitPriceWithTax: minorOf(unitPrice ?? '10.00', currency),
      }));
      const placed = fake.placeOrder({ lines, currency, id: spec.externalId });
      return {
        externalId: placed.id,
        number: placed.code,
        currency,
        totalMinor: placed.totalWithTax,
        lines: placed.lines.map((line) => ({
          externalId: line.id,
          listingExternalId: line.productVariant.id,
          quantity: line.quantity,
          amountMinor: line.linePriceWithTax,
        })),
      };
    },
    touchOrder: async (id) => fake.touchOrder(id),
    packagesOf: (id) =>
      order(id)
        .fulfillments.filter((fulfilment) => fulfilment.state !== 'Cancelled')
        .map((fulfilment) => ({ externalId: fulfilment.id, trackingNumber: fulfilment.trackingCode })),
    refundsOf: (id) =>
      order(id).payments.flatMap((payment) =>
        payment.refunds.map((refund) => ({ externalId: refund.id, amountMinor: refund.total })),
      ),
    cancelledUnitsOf: (id) => order(id).lines.reduce((sum, line) => sum + line.orderPlacedQuantity - line.quantity, 0),
    saleableOf: (id) => saleable(fake, id),
    refuseStockOf: (id) => fake.deleteVariant(id),
    sessions: { end: () => fake.endSessions(), signIns: () => fake.state.signIns },
    unknownWords: unknownWords(order),
    personalData: ['buyer@example.com', 'Gesa', 'Gäst', '5550100', 'Hafenstraße'],
    close: async () => undefined,
  };
}

type FindOrder = (id: string) => FakeVendure['state']['orders'][number];

/** A shop's own code may add states to any of these. */
function unknownWords(order: FindOrder): UnknownWord[] {
  return [
    { field: 'order.state', plant: (id, raw) => void (order(id).state = raw) },
    { field: 'payment.state', plant: (id, raw) => order(id).payments.forEach((payment) => (payment.state = raw)) },
    {
      field: 'refund.state',
      plant: (id, raw) => {
        const { createdAt, payments } = order(id);
        payments[0]?.refunds.push({ id: 'R1', state: raw, total: 100, reason: null, createdAt, lines: [] });
      },
    },
    {
      field: 'fulfillment.state',
      plant: (id, raw) =>
        void order(id).fulfillments.push({ id: 'F1', state: raw, method: 'DHL', trackingCode: '', lines: [] }),
    },
  ];
}

/** As the storefront counts, thresholds of zero; nothing of what was deleted. */
function saleable(fake: FakeVendure, variantId: string): number {
  const levels = fake.state.variants.find(({ id }) => id === variantId)?.stockLevels ?? [];
  return levels.reduce((sum, level) => sum + level.stockOnHand - level.stockAllocated, 0);
}

function minorOf(text: string, currency: string): number {
  const [whole = '', fraction = ''] = text.split('.');
  return Number(whole + fraction.padEnd(currencyExponent(currency), '0').slice(0, currencyExponent(currency)));
}
