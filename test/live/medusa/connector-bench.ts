import { medusa } from '../../../connectors/medusa/index.ts';
import type { MedusaSettings } from '../../../connectors/medusa/settings.ts';
import {
  ChannelFault,
  channelOrder,
  type ChannelOrder,
  type ChannelStock,
  type ConnectorIo,
  type StockPush,
  type StockPushResult,
} from '../../../src/connector-kit/index.ts';
import { buy } from './buyer.ts';
import { capturePayments } from './merchant.ts';
import type { LiveShop } from './open-shop.ts';

/** Before everything that a test buys. */
export const since = new Date(Date.now() - 3_600_000);

export type ConnectorBench = {
  io(settings?: Record<string, unknown>): ConnectorIo<MedusaSettings>;
  pullAll(): Promise<ChannelOrder[]>;
  read(externalId: string): Promise<ChannelOrder>;
  pushStock(pushes: readonly StockPush[]): Promise<readonly StockPushResult[]>;
  shownStock(listingExternalIds: readonly string[]): Promise<readonly ChannelStock[]>;
  /** Buys something for one test alone, paid unless told otherwise. */
  buyNow(lines: { sku: string; quantity: number }[], isPaid?: boolean): Promise<ChannelOrder>;
};

/** The hub's side of the connector's calls to a live shop. */
export function connectorBench(shop: () => LiveShop): ConnectorBench {
  let bought = 0;
  const io = (settings: Record<string, unknown> = {}): ConnectorIo<MedusaSettings> => ({
    settings: medusa.settings.parse({ ...shop().settings, ...settings }),
    fetch,
    now: new Date(),
    signal: new AbortController().signal,
    log: { debug: () => undefined, warn: () => undefined },
  });

  async function pullAll(): Promise<ChannelOrder[]> {
    const orders: ChannelOrder[] = [];
    let state: Awaited<ReturnType<NonNullable<typeof medusa.orders.pullOrders>>>['next'] = null;
    do {
      const page = await medusa.orders.pullOrders?.(io(), state, since);
      orders.push(...(page?.items ?? []).map(({ body }) => translate(body)));
      state = page?.next ?? null;
    } while (state !== null);
    return orders;
  }

  function translate(body: string): ChannelOrder {
    return channelOrder.parse(medusa.orders.toChannelOrder(body, io().settings));
  }

  async function read(externalId: string): Promise<ChannelOrder> {
    const [document] = await medusa.orders.readOrders(io(), [externalId]);
    return translate(document?.body ?? '');
  }

  async function buyNow(lines: { sku: string; quantity: number }[], isPaid = true): Promise<ChannelOrder> {
    const purchase = { lines, withCoupon: false, express: false, asMember: false, authoriseOnly: true };
    const order = await buy(shop(), purchase, 1000 + (bought += 1));
    if (isPaid) await capturePayments(shop().admin, order.id);
    return read(order.id);
  }

  return {
    io,
    pullAll,
    read,
    buyNow,
    pushStock: async (pushes) => (await medusa.stock?.pushStock(io(), pushes)) ?? [],
    shownStock: async (ids) => (await medusa.stock?.readStock?.(io(), ids)) ?? [],
  };
}

export function residualOf(order: ChannelOrder): number {
  const sum = (rows: readonly { amountMinor: number }[]): number =>
    rows.reduce((total, row) => total + row.amountMinor, 0);
  return order.totalMinor - (sum(order.lines) + sum(order.shipping) - sum(order.discounts));
}

export function isRejected(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ChannelFault && error.reason.kind === 'rejected' && error.reason.code === code;
}
