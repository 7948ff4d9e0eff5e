import { cumulativeShare } from '../../../../src/kernel/index.ts';
import type { Sandbox } from '../create-sandbox.ts';
import type { Basket } from '../place-order.ts';
import type { ShopListing, ShopOrder } from '../state.ts';
import { pickPerson } from './people.ts';

/** What happened in the shop in one step. */
export type SimulatedEvent = {
  readonly kind: 'placed' | 'paid' | 'cancelled' | 'refunded' | 'sold_out';
  readonly orderId: string | null;
};

/** Later steps look only at so many of the latest orders. */
const lookbackOrders = 200;
const payAfterMs = 20_000;

const shares = {
  pay: 0.6,
  cancel: 0.04,
  refund: 0.04,
  unpaid: 0.12,
  discount: 0.25,
  note: 0.1,
  review: 0.02,
  guest: 0.7,
};
const notes = ['Please ring twice.', 'Leave it with the neighbour.', '请放在门卫处。', '周末送货，谢谢。'];

/** One thing that buyers or staff do, decided by `random` alone: the same draws on the same shop do the same. */
export function simulateStep(sandbox: Sandbox, random: () => number): SimulatedEvent {
  const recent = Object.values(sandbox.state.orders).slice(-lookbackOrders);
  return payLater(sandbox, random, recent) ?? regret(sandbox, random, recent) ?? buy(sandbox, random);
}

function payLater(sandbox: Sandbox, random: () => number, recent: readonly ShopOrder[]): SimulatedEvent | null {
  const dueMs = sandbox.clock.now().getTime() - payAfterMs;
  const due = recent.find(
    (order) => order.payment.status === 'pending' && order.cancelledAt === null && Date.parse(order.placedAt) <= dueMs,
  );
  if (due === undefined || random() >= shares.pay) return null;
  return { kind: 'paid', orderId: sandbox.payOrder(due.id).id };
}

/** A buyer calls: the whole order is cancelled before it ships, or a third of it is paid back. */
function regret(sandbox: Sandbox, random: () => number, recent: readonly ShopOrder[]): SimulatedEvent | null {
  const draw = random();
  if (draw >= shares.cancel + shares.refund) return null;
  const order = pick(recent, random);
  if (order === null || order.cancelledAt !== null) return null;
  if (draw < shares.cancel) {
    if (order.fulfilments.length > 0 || order.lines.some(({ cancelledQuantity }) => cancelledQuantity > 0)) return null;
    return { kind: 'cancelled', orderId: sandbox.cancelOrder(order.id, { reason: 'buyer asked' }).id };
  }
  const amountMinor = cumulativeShare(order.totalMinor, 1, 3);
  if (order.payment.status !== 'paid' || order.refunds.length > 0 || amountMinor === 0) return null;
  sandbox.refundOrder(order.id, { amountMinor, reason: 'goodwill' });
  return { kind: 'refunded', orderId: order.id };
}

function buy(sandbox: Sandbox, random: () => number): SimulatedEvent {
  const lines = fillBasket(sandbox, random);
  if (lines.length === 0) return { kind: 'sold_out', orderId: null };
  const goodsMinor = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
  const note = random() < shares.note ? pick(notes, random) : null;
  const order = sandbox.placeOrder({
    lines,
    taxBasisPoints: 1900,
    shippingMinor: goodsMinor >= 6000 ? 0 : 490,
    discounts: pickDiscounts(goodsMinor, random),
    isPaid: random() >= shares.unpaid,
    isGuest: random() < shares.guest,
    paymentMethod: pick(['card', 'alipay', 'wechat', 'transfer'], random) ?? 'card',
    address: pickPerson(random),
    risk: random() < shares.review ? 'review' : 'none',
    ...(note === null ? {} : { note }),
  });
  return { kind: 'placed', orderId: order.id };
}

type FilledLine = Basket['lines'][number] & { unitPriceMinor: number };

/** One to four different listings, as many units as are shown. Every draw is made whether or not it is used. */
function fillBasket(sandbox: Sandbox, random: () => number): FilledLine[] {
  const chosen = new Map<ShopListing, number>();
  const count = 1 + Math.floor(random() ** 2 * 4);
  for (let line = 0; line < count; line += 1) {
    const listing = pick(sandbox.state.listings, random);
    const wanted = 1 + Math.floor(random() ** 2 * 3);
    if (listing === null || !listing.isActive || chosen.has(listing)) continue;
    const quantity = listing.tracksStock ? Math.min(wanted, sandbox.saleable(listing.id)) : wanted;
    if (quantity > 0) chosen.set(listing, quantity);
  }
  return [...chosen].map(([{ id, priceMinor }, quantity]) => ({ listingId: id, quantity, unitPriceMinor: priceMinor }));
}

function pickDiscounts(goodsMinor: number, random: () => number): NonNullable<Basket['discounts']> {
  const draw = random();
  if (draw >= shares.discount) return [];
  const amountMinor = cumulativeShare(goodsMinor, 1, 10);
  return draw < shares.discount / 2
    ? [{ code: 'WELCOME10', title: 'Welcome 欢迎', amountMinor, fundedBy: 'seller' }]
    : [{ code: null, title: 'Platform day 平台补贴', amountMinor, fundedBy: 'platform' }];
}

function pick<Item>(items: readonly Item[], random: () => number): Item | null {
  return items[Math.floor(random() * items.length)] ?? null;
}
