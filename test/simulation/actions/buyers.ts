import { ShopRefusal, type ShopOrder } from '../../../connectors/sandbox/fake/index.ts';
import type { Chance } from '../chance.ts';
import type { Action, Run } from '../run.ts';
import type { SimShop } from '../world.ts';

/** Something that happens in a storefront; what the shop refuses is nobody's fault. */
function inShop(what: string, happen: (shop: SimShop, run: Run) => string | null): Action {
  return (run) => {
    const shop = run.chance.pick(run.shops);
    if (shop === null) return Promise.resolve('no shop');
    try {
      return Promise.resolve(`${shop.name}: ${what} ${happen(shop, run) ?? 'nothing'}`);
    } catch (error) {
      if (!(error instanceof ShopRefusal)) throw error;
      return Promise.resolve(`${shop.name}: ${what} refused, ${error.code}`);
    }
  };
}

export const order = inShop('ordered', ({ sandbox }, { chance, faults }) => {
  const count = 1 + chance.int(3);
  const listings = new Map<string, number>();
  for (let line = 0; line < count; line += 1) {
    const listing = chance.pick(sandbox.state.listings);
    if (listing !== null) listings.set(listing.id, 1 + chance.int(3));
  }
  if (faults.strikes('channel.list_late', 0.1)) {
    sandbox.setFaults({ listLateNext: 1, listLagMs: 1_000 + chance.int(4_000) });
  }
  const placed = sandbox.placeOrder({
    lines: [...listings].map(([listingId, quantity]) => ({ listingId, quantity })),
    taxBasisPoints: chance.pick([0, 700, 1900]) ?? 0,
    shippingMinor: chance.pick([0, 490]) ?? 0,
    discounts: chance.is(0.2) ? [{ code: 'TEN', title: 'Ten', amountMinor: 99, fundedBy: 'seller' }] : [],
    isPaid: chance.is(0.8),
    oversell: chance.is(0.3),
    risk: chance.is(0.03) ? 'review' : 'none',
    address: { name: chance.pick(['Ada Example', 'Bo Example']) ?? '' },
  });
  return `${placed.number} of ${placed.totalMinor}`;
});

export const pay = inShop('paid', ({ sandbox }, { chance }) => {
  const found = pickOrder(sandbox.state.orders, chance, ({ payment }) => payment.status === 'pending');
  return found === null ? null : sandbox.payOrder(found.id).number;
});

export const askReturn = inShop('return asked', ({ sandbox }, { chance }) => {
  const found = pickOrder(sandbox.state.orders, chance, ({ fulfilments }) => fulfilments.length > 0);
  const line = chance.pick(found?.lines.filter(({ fulfilledQuantity }) => fulfilledQuantity > 0) ?? []);
  if (found === null || line === null) return null;
  const lines = [{ lineId: line.id, quantity: 1 + chance.int(line.fulfilledQuantity) }];
  return `${sandbox.askReturn(found.id, { reason: 'too small', lines }).id} of ${found.number}`;
});

export const endReturn = inShop('return ended', ({ sandbox }, { chance }) => {
  const isAsked = (each: ShopOrder): boolean => each.returns?.some(({ status }) => status === 'asked') === true;
  const found = pickOrder(sandbox.state.orders, chance, isAsked);
  const asked = found?.returns?.find(({ status }) => status === 'asked');
  if (found === null || asked === undefined) return null;
  const { status } = chance.is(0.5)
    ? sandbox.cancelReturn(found.id, asked.id)
    : sandbox.receiveReturn(found.id, asked.id);
  return `${status} of ${found.number}`;
});

export const annotate = inShop('noted', ({ sandbox }, { chance }) => {
  const found = pickOrder(sandbox.state.orders, chance);
  return found === null ? null : sandbox.annotateOrder(found.id, `note ${chance.int(1000)}`).number;
});

export const cancelThere = inShop('cancelled there', ({ sandbox }, { chance }) => {
  const found = pickOrder(sandbox.state.orders, chance, (each) => each.cancelledAt === null);
  if (found === null) return null;
  const line = chance.pick(found.lines);
  const lines = chance.is(0.5) || line === null ? null : [{ lineId: line.id, quantity: 1 + chance.int(line.quantity) }];
  return `${lines === null ? 'all' : 'a part'} of ${sandbox.cancelOrder(found.id, { lines, reason: 'asked' }).number}`;
});

export const refundThere = inShop('refunded there', ({ sandbox }, { chance }) => {
  const found = pickOrder(sandbox.state.orders, chance, ({ payment }) => payment.status === 'paid');
  if (found === null) return null;
  const line = chance.pick(found.lines.filter(({ fulfilledQuantity }) => fulfilledQuantity > 0));
  const lines = line === null || chance.is(0.5) ? [] : [{ lineId: line.id, quantity: 1 }];
  const amountMinor = 1 + chance.int(found.totalMinor);
  sandbox.refundOrder(found.id, { amountMinor, reason: 'goodwill', lines });
  return `${amountMinor} of ${found.number}`;
});

export const setStockThere = inShop('stock set by hand', ({ sandbox }, { chance }) => {
  const listing = chance.pick(sandbox.state.listings.filter(({ tracksStock }) => tracksStock));
  if (listing === null) return null;
  const quantity = chance.int(20);
  sandbox.setStock({ listingId: listing.id, quantity });
  return `${listing.sku} to ${quantity}`;
});

export const deliverThere = inShop('delivered', ({ sandbox }, { chance }) => {
  const found = pickOrder(sandbox.state.orders, chance, ({ fulfilments }) => fulfilments.length > 0);
  return found === null ? null : sandbox.deliverOrder(found.id).number;
});

/** Some channels make several orders of one, and tell of them in any order. */
export const splitThere = inShop('split there', ({ sandbox, channel }, { chance }) => {
  if (channel !== 'sandbox-unit-lines') return null;
  const found = pickOrder(sandbox.state.orders, chance, ({ lines, splitInto }) => lines.length > 1 && !splitInto);
  if (found === null) return null;
  const ids = found.lines.map(({ id }) => id);
  const cut = 1 + chance.int(ids.length - 1);
  const first = chance.pick(['parent', 'parts'] as const) ?? 'parent';
  const parts = sandbox.splitOrder(found.id, { groups: [ids.slice(0, cut), ids.slice(cut)], first });
  return `${found.number} into ${parts.map(({ number }) => number).join(' ')}`;
});

function pickOrder(
  orders: Readonly<Record<string, ShopOrder>>,
  chance: Chance,
  isMeant: (order: ShopOrder) => boolean = () => true,
): ShopOrder | null {
  return chance.pick(Object.values(orders).filter(isMeant));
}
