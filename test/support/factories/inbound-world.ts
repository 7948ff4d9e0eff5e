import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { openShop, type ShopDeps, type ShopSession, type StepResult } from '../../../src/channels/index.ts';
import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import {
  drainInbox,
  inboundChecks,
  listInbox,
  pollOrders,
  receiveWebhook,
  type WebhookAnswer,
} from '../../../src/inbound/index.ts';
import type { ShopId } from '../../../src/kernel/index.ts';
import { rows } from '../../../src/platform/db/index.ts';
import { runCheck } from '../../../src/platform/invariant/index.ts';
import type { Lease } from '../../../src/platform/queue/index.ts';
import type { TestDatabase } from '../database.ts';
import { openExceptionKinds } from '../open-exception-kinds.ts';
import {
  addSkus,
  connectPlainShop,
  createPlainChannel,
  listItems,
  plainDeps,
  stockUp,
  type PlainChannel,
} from './plain-channel.ts';

export const signal = new AbortController().signal;

/** A lease that nobody contests. */
export const lease: Lease = {
  lane: 'test',
  token: 'test',
  signal,
  stillHeld: () => Promise.resolve(),
  guard: () => Promise.resolve(),
};

export type InboundWorld = {
  readonly channel: PlainChannel;
  readonly deps: ShopDeps;
  readonly shopId: ShopId;
  readonly webhookKey: string;
  readonly session: ShopSession;
  poll(held?: Lease): Promise<StepResult>;
  /** Drains the shop's inbox until nothing is claimed. */
  drain(): Promise<void>;
  /** A signed delivery of the order's whole document; null delivers what nobody can read. */
  deliver(order: ChannelOrder | null, delivery: string, headers?: Record<string, string>): Promise<WebhookAnswer>;
  /** A signed notice that an order has changed, without its document. */
  notify(externalId: string): Promise<WebhookAnswer>;
  orders(): Promise<{ externalId: string; version: number; totalMinor: number; readStartedAt: Date }[]>;
  /** How many inbox events stand in each state. */
  events(): Promise<Record<string, number>>;
  openExceptions(): Promise<string[]>;
};

let serial = 0;

/** A shop of its own whose channel is in memory; listing-1 is mapped and in stock. */
export async function openInboundWorld(database: TestDatabase): Promise<InboundWorld> {
  serial += 1;
  const channel = createPlainChannel();
  const deps = plainDeps(database, channel);
  const { shopId, webhookKey } = await connectPlainShop(database, deps);
  const [skuId] = await addSkus(database, [`IN-${serial}`]);
  if (skuId === undefined) throw new Error('no SKU');
  await listItems(database, shopId, [{ externalId: 'listing-1', skuId }]);
  await stockUp(database, [shopId], new Map([[skuId, 1_000]]), `IN-${serial}`);
  const session = await database.read((db) => openShop(db, deps, shopId));
  const receive = (text: string, headers: Record<string, string>): Promise<WebhookAnswer> =>
    receiveWebhook(deps, webhookKey, {
      method: 'POST',
      url: 'http://hub/hooks/x',
      headers: new Headers({ 'x-signature': 'good', ...headers }),
      rawBody: Buffer.from(text),
    });
  return {
    channel,
    deps,
    shopId,
    webhookKey,
    session,
    poll: (held = lease) => pollOrders(deps, session, held, signal, { evenIfNotDue: true }),
    async drain() {
      while ((await drainInbox(deps, [shopId])).claimed > 0);
    },
    deliver: (order, delivery, headers = {}) =>
      order === null
        ? receive('not json', { 'x-delivery': delivery, ...headers })
        : receive(JSON.stringify(order), { 'x-delivery': delivery, 'x-order': order.externalId, ...headers }),
    notify: (externalId) => receive(`${externalId} changed`, { 'x-order': externalId }),
    orders: () =>
      database.read((db) =>
        rows(
          db,
          sql`select external_id as "externalId", version, total_minor as "totalMinor", read_started_at as "readStartedAt"
              from orders where shop_id = ${shopId} order by external_id`,
        ),
      ),
    async events() {
      const filters = { shopId, state: null, externalId: null };
      const { items } = await database.read((db) => listInbox(db, { after: null, limit: 200 }, filters));
      const counts: Record<string, number> = {};
      for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
      return counts;
    },
    openExceptions: () => openExceptionKinds(database, shopId),
  };
}

export async function expectInboxSound(database: TestDatabase): Promise<void> {
  for (const check of inboundChecks) {
    const { differences } = await database.read((db) => runCheck(db, check));
    expect(differences).toEqual([]);
  }
}
