import { seededRandom } from '../../connectors/sandbox/fake/index.ts';
import type { Harbour } from './open-harbour.ts';
import type { Stall } from './open-stall.ts';
import { openStaffDesk, type Fate, type StaffDesk } from './staff-desk.ts';

/** Buyers and staff: a steady load, until it is closed. */
export type Market = {
  readonly desk: StaffDesk;
  sold(): number;
  /** Orders a second, over the time that it was open; known once it is closed. */
  perSecond(): number;
  /** No more orders; what people wanted is asked for until the hub has acknowledged it. */
  close(): Promise<void>;
};

const ordersPerSecond = 30;
/** What a hub that is away for half a minute leaves unanswered. */
const unansweredMax = 900;
const tickMs = 100;
const lookMs = 250;
const cancelAfterMs = 1_500;

/** Shares out of forty; the others simply wait to be picked. */
const fates: readonly (readonly [Fate, number])[] = [
  ['shipped', 6],
  ['cancelled there', 2],
  ['cancelled here', 1],
  ['refunded here', 1],
];

function fateOf(chance: number): Fate {
  let left = chance * 40;
  for (const [fate, share] of fates) {
    left -= share;
    if (left < 0) return fate;
  }
  return 'waits';
}

export function openMarket(harbour: Harbour, seed: number): Market {
  const desk = openStaffDesk(harbour);
  const random = seededRandom(seed);
  const cancelling = new Set<NodeJS.Timeout>();
  let sold = 0;
  let isOpen = true;
  let owed = 0;

  const sell = (): void => {
    const stall = harbour.stalls[sold % harbour.stalls.length];
    const fate = fateOf(random());
    sold += 1;
    if (stall === undefined) return;
    const order = stall.sandbox.placeOrder(basket(stall, random));
    desk.wish({ shopId: stall.shopId, orderExternalId: order.id, fate });
    if (fate !== 'cancelled there') return;
    const timer = setTimeout(() => {
      cancelling.delete(timer);
      stall.sandbox.cancelOrder(order.id);
    }, random() * cancelAfterMs);
    cancelling.add(timer);
  };
  const openedMs = performance.now();
  let perSecond = Number.NaN;
  let soldAt = openedMs;
  const selling = setInterval(() => {
    const now = performance.now();
    owed += ((now - soldAt) / 1_000) * ordersPerSecond;
    soldAt = now;
    // A machine too slow for the load is given what it can take; how much that was is told.
    const waiting = harbour.stalls.reduce((sum, stall) => sum + stall.unanswered(), 0);
    if (waiting > unansweredMax) owed = 0;
    for (; owed >= 1; owed -= 1) sell();
  }, tickMs);
  const looking = (async () => {
    while (isOpen) {
      // The database may be away: that is what this is about.
      await desk.look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  })();
  return {
    desk,
    sold: () => sold,
    perSecond: () => perSecond,
    async close() {
      clearInterval(selling);
      perSecond = (sold * 1_000) / (performance.now() - openedMs);
      while (cancelling.size > 0) await new Promise((resolve) => setTimeout(resolve, tickMs));
      isOpen = false;
      await looking;
      await desk.settled();
    },
  };
}

function basket(stall: Stall, random: () => number): Parameters<Stall['sandbox']['placeOrder']>[0] {
  const any = (): number => Math.floor(random() * stall.listings.length);
  const chosen = new Set([any(), any()]);
  return {
    lines: [...chosen].map((index) => ({
      listingId: stall.listings[index]?.id ?? '',
      quantity: 1 + Math.floor(random() * 2),
    })),
    taxBasisPoints: 1_900,
    pricesIncludeTax: true,
    shippingMinor: 495,
    oversell: true,
  };
}
