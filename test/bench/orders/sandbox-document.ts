import type { RawDocument } from '../../../src/connector-kit/index.ts';

export type BenchItem = { readonly externalId: string; readonly sku: string; readonly priceMinor: number };

export type BenchBasket = readonly { readonly item: BenchItem; readonly quantity: number }[];

const firstId = 90_000_000_000_000_000_000n;
const idsPerOrder = 100n;
const taxBasisPoints = 1_900;
const shippingMinor = 490;

/**
 * One paid order as the sandbox shop writes it (`connectors/sandbox/wire.ts`): ids of twenty digits and amounts with decimals as
 * JSON numbers, a line, a tax and a listing for each item, one shipping line, one payment, an address. About 1.6 kB.
 */
export function sandboxDocument(serial: number, basket: BenchBasket, placedAt: Date): RawDocument {
  const idOf = (part: number): string => (firstId + BigInt(serial) * idsPerOrder + BigInt(part)).toString();
  const lines = basket.map(({ item, quantity }, index) => lineText(idOf(index + 1), item, quantity));
  const goodsMinor = basket.reduce((sum, { item, quantity }) => sum + item.priceMinor * quantity, 0);
  const total = decimal(goodsMinor + shippingMinor);
  const at = placedAt.toISOString();
  const rest = {
    number: `S${serial}`,
    version: 1,
    placed_at: at,
    updated_at: at,
    currency: 'EUR',
    prices_include_tax: true,
    payment_status: 'paid',
    discounts: [],
    refunds: [],
    returns: [],
    fulfilments: [],
    cancelled_at: null,
    cancel_reason: null,
    customer_id: null,
    note: null,
    risk: 'none',
    ship_by: new Date(placedAt.getTime() + 48 * 3_600_000).toISOString(),
    ship_to: {
      name: `Ada Example ${serial}`,
      phone: `+49 30 ${String(serial).padStart(7, '0')}`,
      email: `ada${serial}@example.org`,
      lines: [`Beispielweg ${serial}`],
      district: '',
      city: 'Berlin',
      region: '',
      postal_code: '10115',
      country_code: 'DE',
    },
  };
  const shipping = `{"id":${idOf(90)},"title":"Standard","amount":${decimal(shippingMinor)},"taxes":[${taxText(shippingMinor)}]}`;
  const payment = `{"id":${idOf(91)},"method":"card","status":"paid","amount":${total},"paid_at":"${at}"}`;
  const body = `{"id":${idOf(0)},"total":${total},"lines":[${lines.join(',')}],"shipping":${shipping},"payments":[${payment}],${JSON.stringify(rest).slice(1)}`;
  return { externalId: idOf(0), body, version: '1' };
}

function lineText(id: string, item: BenchItem, quantity: number): string {
  const amountMinor = item.priceMinor * quantity;
  const amounts = `"unit_price":${decimal(item.priceMinor)},"amount":${decimal(amountMinor)},"taxes":[${taxText(amountMinor)}]`;
  const counts = `"quantity":${quantity},"cancelled_quantity":0,"fulfilled_quantity":0,"gift":false`;
  return `{"id":${id},"listing_id":${item.externalId},"sku":"${item.sku}","title":"Item ${item.sku}",${counts},${amounts}}`;
}

function taxText(grossMinor: number): string {
  const taxMinor = Math.round((grossMinor * taxBasisPoints) / (10_000 + taxBasisPoints));
  return `{"title":"VAT","rate":19.00,"amount":${decimal(taxMinor)}}`;
}

function decimal(minor: number): string {
  return (minor / 100).toFixed(2);
}
