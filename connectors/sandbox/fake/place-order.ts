import { currencyCode } from '../../../src/kernel/index.ts';
import { levelKey, listingOf, saleable, takeStock } from './levels.ts';
import { priceOrder } from './price-order.ts';
import { ShopRefusal, type Shop } from './shop.ts';
import type { ShopAddress, ShopDiscount, ShopLine, ShopOrder } from './state.ts';

/** A basket at checkout. Amounts are minor units of `currency`. */
export type Basket = {
  lines: {
    listingId: string;
    quantity: number;
    unitPriceMinor?: number | undefined;
    discountMinor?: number | undefined;
    isGift?: boolean | undefined;
  }[];
  currency?: string | undefined;
  pricesIncludeTax?: boolean | undefined;
  /** 1900 is 19 %; 0 and absent charge none. */
  taxBasisPoints?: number | undefined;
  shippingMinor?: number | undefined;
  /** Off the whole order. */
  discounts?:
    | { code: string | null; title: string; amountMinor: number; fundedBy: 'seller' | 'platform' }[]
    | undefined;
  isPaid?: boolean | undefined;
  paymentMethod?: string | undefined;
  isGuest?: boolean | undefined;
  /** What differs from anybody's. */
  address?: Partial<ShopAddress> | undefined;
  note?: string | undefined;
  risk?: 'none' | 'review' | undefined;
  /** Sells more than is shown. */
  oversell?: boolean | undefined;
  /** The id the order shall have; default the next. */
  id?: string | undefined;
};

const linesMax = 200;
const shipByMs = 48 * 3_600_000;

/** Sells a basket: takes the units from what is shown, prices it, and opens the order. */
export function placeOrder(shop: Shop, basket: Basket): ShopOrder {
  checkBasket(shop, basket);
  const lines = basket.lines.map((line) => sellLine(shop, line, basket.oversell ?? false));
  const id = basket.id ?? shop.nextId();
  const goods = {
    lines,
    shipping: shippingOf(shop, basket),
    discounts: discountsOf(basket, lines),
    pricesIncludeTax: basket.pricesIncludeTax ?? true,
  };
  const rate = basket.taxBasisPoints ?? 0;
  const totalMinor = priceOrder(goods, rate === 0 ? null : { title: 'VAT', rateBasisPoints: rate });
  const order: ShopOrder = {
    id,
    ...goods,
    ...headOf(shop, basket),
    totalMinor,
    payment: paymentOf(shop, basket, totalMinor),
  };
  const levelKeys = lines.flatMap((line) => line.takes.map((take) => levelKey(line.listingId, take.locationId)));
  shop.commit({ by: 'buyer', kind: 'placed', subject: order.id, detail: { total: totalMinor }, order, levelKeys });
  return order;
}

type Head = Omit<ShopOrder, 'id' | 'lines' | 'shipping' | 'discounts' | 'pricesIncludeTax' | 'totalMinor' | 'payment'>;

function headOf(shop: Shop, basket: Basket): Head {
  const at = shop.nowText();
  return {
    number: `S${1000 + shop.orderCount() + 1}`,
    version: 0,
    placedAt: at,
    updatedAt: at,
    currency: basket.currency ?? shop.state.currency,
    refunds: [],
    fulfilments: [],
    cancelledAt: null,
    cancelReason: null,
    customerId: (basket.isGuest ?? true) ? null : shop.nextId(),
    address: { ...anybody, ...basket.address },
    note: basket.note ?? null,
    risk: basket.risk ?? 'none',
    shipBy: new Date(shop.clock.now().getTime() + shipByMs).toISOString(),
  };
}

function shippingOf(shop: Shop, { shippingMinor }: Basket): ShopOrder['shipping'] {
  if (shippingMinor === undefined) return null;
  return { id: shop.nextId(), title: 'Standard', amountMinor: shippingMinor, taxes: [] };
}

function paymentOf(shop: Shop, basket: Basket, amountMinor: number): ShopOrder['payment'] {
  const isPaid = basket.isPaid ?? true;
  const method = basket.paymentMethod ?? 'card';
  const paidAt = isPaid ? shop.nowText() : null;
  return { id: shop.nextId(), method, amountMinor, status: isPaid ? 'paid' : 'pending', paidAt };
}

/** Everything is checked before the first unit is taken, so that a refused basket changes nothing. */
function checkBasket(shop: Shop, basket: Basket): void {
  if (basket.lines.length === 0 || basket.lines.length > linesMax) {
    throw new ShopRefusal(422, 'bad_basket', `a basket has 1 to ${linesMax} lines`);
  }
  if (basket.id !== undefined && shop.state.orders[basket.id] !== undefined) {
    throw new ShopRefusal(409, 'duplicate_order', 'an order with this id exists');
  }
  currencyCode(basket.currency ?? shop.state.currency);
  const wanted = new Map<string, number>();
  for (const { listingId, quantity } of basket.lines) {
    if (!Number.isSafeInteger(quantity) || quantity < 1) {
      throw new ShopRefusal(422, 'bad_quantity', 'at least one unit');
    }
    wanted.set(listingId, (wanted.get(listingId) ?? 0) + quantity);
  }
  for (const [listingId, quantity] of wanted) checkForSale(shop, listingId, quantity, basket.oversell ?? false);
}

function checkForSale(shop: Shop, listingId: string, quantity: number, oversell: boolean): void {
  const listing = listingOf(shop, listingId);
  if (!listing.isActive) throw new ShopRefusal(422, 'not_for_sale', `${listing.sku} is not for sale`);
  if (listing.tracksStock && !oversell && saleable(shop, listingId) < quantity) {
    throw new ShopRefusal(422, 'sold_out', `not enough of ${listing.sku} left`);
  }
}

function sellLine(shop: Shop, line: Basket['lines'][number], oversell: boolean): ShopLine {
  const listing = listingOf(shop, line.listingId);
  const unitPriceMinor = line.unitPriceMinor ?? listing.priceMinor;
  return {
    id: shop.nextId(),
    listingId: listing.id,
    sku: listing.sku,
    title: listing.title,
    quantity: line.quantity,
    cancelledQuantity: 0,
    fulfilledQuantity: 0,
    unitPriceMinor,
    amountMinor: unitPriceMinor * line.quantity,
    taxes: [],
    isGift: line.isGift ?? false,
    takes: takeStock(shop, listing, line.quantity, oversell),
  };
}

function discountsOf(basket: Basket, lines: readonly ShopLine[]): ShopDiscount[] {
  const ofLines = basket.lines.flatMap(({ discountMinor }, index) => {
    const line = lines[index];
    if (discountMinor === undefined || line === undefined) return [];
    const title = `Reduced: ${line.title}`;
    return [{ code: null, title, amountMinor: discountMinor, fundedBy: 'seller' as const, lineId: line.id }];
  });
  return [...ofLines, ...(basket.discounts ?? []).map((discount) => ({ ...discount, lineId: null }))];
}

const anybody: ShopAddress = {
  name: 'Ada Example',
  phone: '+49 30 0000000',
  email: 'ada@example.org',
  lines: ['Beispielweg 1'],
  district: '',
  city: 'Berlin',
  region: '',
  postalCode: '10115',
  countryCode: 'DE',
};
