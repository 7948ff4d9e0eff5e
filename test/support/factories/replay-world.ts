import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { ChannelFault, type AnyConnector } from '../../../src/connector-kit/index.ts';
import { drainInbox } from '../../../src/inbound/index.ts';
import { rows } from '../../../src/platform/db/index.ts';
import type { TestDatabase } from '../database.ts';
import { soldOrder } from './channel-order.ts';
import { openInboundWorld, type InboundWorld } from './inbound-world.ts';

export type ReplayWorld = InboundWorld & {
  /** Delivers an order and takes it in. */
  apply(externalId: string): Promise<string>;
  /** Delivers an order, which this version of the connector cannot read: parked by `channel.unknown_code`. */
  park(externalId: string): Promise<string>;
  /** As retention does. */
  deleteBytes(eventId: string): Promise<void>;
  /** Orders that say the shipping service of the corrected connector. */
  corrected(): Promise<string[]>;
  /** Reads what the shop's own connector cannot, and says a shipping service that it never said. */
  readonly cured: AnyConnector;
};

const asOrder = z.looseObject({ externalId: z.string() });

/** A shop with messages to replay, and a connector that has been corrected since. */
export async function openReplayWorld(database: TestDatabase): Promise<ReplayWorld> {
  const world = await openInboundWorld(database);
  const { connector } = world.channel;
  const read = connector.orders.toChannelOrder;
  const eventIdOf = async (externalId: string): Promise<string> => {
    const [found] = await database.read((db) =>
      rows<{ id: string }>(
        db,
        sql`select id from inbox_events where shop_id = ${world.shopId} and external_id = ${externalId}`,
      ),
    );
    if (found === undefined) throw new Error(`no message of ${externalId}`);
    return found.id;
  };
  const toChannelOrder: typeof read = (body, settings) => {
    const { externalId } = asOrder.parse(JSON.parse(body));
    if (externalId.startsWith('hard-')) throw new ChannelFault({ kind: 'unknown_code', field: 'state', raw: 'odd' });
    return read(body, settings);
  };
  const ill = { ...connector, orders: { ...connector.orders, toChannelOrder } };
  const deliver = async (externalId: string): Promise<string> => {
    await world.deliver(soldOrder(externalId, { version: '1' }), externalId);
    const deps = { ...world.deps, connectors: new Map([['plain', ill]]) };
    while ((await drainInbox(deps, [world.shopId])).claimed > 0);
    return eventIdOf(externalId);
  };
  return {
    ...world,
    cured: {
      ...connector,
      orders: {
        ...connector.orders,
        toChannelOrder: (body, settings) => ({ ...read(body, settings), shippingService: 'express' }),
      },
    },
    apply: (externalId) => deliver(externalId),
    park: (externalId) => deliver(`hard-${externalId}`),
    async deleteBytes(eventId) {
      await database.run((ctx) => rows(ctx.tx, sql`delete from inbox_bodies where inbox_event_id = ${eventId}`));
    },
    async corrected() {
      const found = await database.read((db) =>
        rows<{ externalId: string }>(
          db,
          sql`select external_id as "externalId" from orders
              where shop_id = ${world.shopId} and shipping_service = 'express' order by external_id`,
        ),
      );
      return found.map(({ externalId }) => externalId);
    },
  };
}
