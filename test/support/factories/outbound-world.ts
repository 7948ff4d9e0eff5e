import { sql } from 'drizzle-orm';
import { connectShop, openShop, type LaneStep, type ShopDeps, type StepResult } from '../../../src/channels/index.ts';
import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import { allocate, listShipments, shipOut, takeInOrders, type ShipmentItem } from '../../../src/fulfilment/index.ts';
import { manualClock, type OrderId, type ShopId, type SkuId, type WarehouseId } from '../../../src/kernel/index.ts';
import { wireMarkers } from '../../../src/main/markers.ts';
import { getOrder, type OrderDetail } from '../../../src/orders/index.ts';
import type { OrderTold } from '../../../src/outbound/index.ts';
import { rows, type DomainEvent } from '../../../src/platform/db/index.ts';
import type { Lease } from '../../../src/platform/queue/index.ts';
import { useDatabase, type TestDatabase } from '../database.ts';
import { openExceptionKinds } from '../open-exception-kinds.ts';
import { documentOf, soldLine, soldOrder } from './channel-order.ts';
import { lease as uncontested, signal as neverAborted } from './inbound-world.ts';
import { addSkus, createPlainChannel, listItems, plainDeps, stockUp } from './plain-channel.ts';
import { createToldChannel, type ToldChannel } from './told-channel.ts';

/** One file's database by a clock that only the test moves, a channel that can be told everything and one that cannot. */
export type OutboundBench = {
  readonly database: TestDatabase;
  readonly clock: ReturnType<typeof manualClock>;
  readonly channel: ToldChannel;
  readonly deps: () => ShopDeps;
  /** Every `order.told` since the world was opened. */
  readonly orderTold: OrderTold[];
  open(options?: WorldOptions): Promise<OutboundWorld>;
};

export type WorldOptions = {
  readonly channel?: 'plain' | 'mute';
  /** Units of the two SKUs. */
  readonly units?: readonly [number, number];
  readonly pushesStock?: boolean;
};

export type OutboundWorld = {
  readonly shopId: ShopId;
  readonly skus: readonly [SkuId, SkuId];
  readonly warehouseId: WarehouseId;
  /** Takes in an order: lines are `[listing, quantity]`; listing-1 is the first SKU, listing-2 a six-pack of the second. */
  sell(externalId: string, lines: [string, number][], facts?: Partial<ChannelOrder>): Promise<OrderDetail>;
  /** Takes the order's document in again, as read now or at the time given. */
  /** By a webhook, which answers no read. */
  hearOf(externalId: string, facts: Partial<ChannelOrder>): Promise<void>;
  readAgain(externalId: string, facts?: Partial<ChannelOrder>, readStartedAt?: Date): Promise<void>;
  order(orderId: OrderId): Promise<OrderDetail>;
  allocate(): Promise<void>;
  parcels(orderId: OrderId): Promise<readonly ShipmentItem[]>;
  ship(...parcels: readonly Pick<ShipmentItem, 'shipmentId' | 'number'>[]): Promise<void>;
  /** Sells, allocates and ships one order; gives it as it then stands. */
  sellAndShip(externalId: string, lines: [string, number][]): Promise<OrderDetail>;
  run(step: LaneStep, more?: { signal?: AbortSignal; lease?: Lease }): Promise<StepResult>;
  /** Kinds of the shop's open exceptions. */
  exceptions(): Promise<string[]>;
};

export function useOutbound(): OutboundBench {
  const channel = createToldChannel();
  const mute = { ...createPlainChannel().connector, code: 'mute' };
  const connectors = new Map([
    ['plain', channel.connector],
    ['mute', mute],
  ]);
  const clock = manualClock(new Date('2026-11-20T12:00:00Z'));
  const orderTold: OrderTold[] = [];
  const spy = {
    name: 'test.told',
    kinds: ['order.told'],
    mark: (_: unknown, events: readonly DomainEvent[]) =>
      Promise.resolve(void orderTold.push(...(events as readonly OrderTold[]))),
  };
  const database = useDatabase({ markers: [...wireMarkers(connectors), spy], clock, pools: { write: 12 } });
  const deps = (): ShopDeps => ({ ...plainDeps(database, channel), connectors, clock });
  return {
    database,
    clock,
    channel,
    deps,
    orderTold,
    async open(options = {}) {
      channel.reset();
      orderTold.length = 0;
      return openWorld(database, clock, deps(), options);
    },
  };
}

let serial = 0;

async function openWorld(
  database: TestDatabase,
  clock: ReturnType<typeof manualClock>,
  deps: ShopDeps,
  { channel = 'plain', units = [100, 60], pushesStock = true }: WorldOptions,
): Promise<OutboundWorld> {
  serial += 1;
  const { shopId } = await database.run((ctx) =>
    connectShop(ctx, deps, {
      channel,
      name: 'Outbound',
      settings: { baseUrl: 'https://plain.example.com', apiKey: 'key-1234' },
      claimsAt: 'placed',
      ordersSince: new Date('2026-01-01T00:00:00Z'),
      pushesStock,
      report: { shopName: 'Outbound', currency: 'EUR', timeZone: 'UTC' },
    }),
  );
  const [single, packed] = await addSkus(database, [`SINGLE-${serial}`, `PACKED-${serial}`]);
  if (single === undefined || packed === undefined) throw new Error('no SKUs');
  await listItems(database, shopId, [
    { externalId: 'listing-1', skuId: single },
    { externalId: 'listing-2', skuId: packed, multiplier: 6 },
  ]);
  const stocked = new Map(
    [single, packed].flatMap((id, index) => ((units[index] ?? 0) > 0 ? [[id, units[index] ?? 0]] : [])),
  );
  const warehouseId = await stockUp(database, [shopId], stocked, `OUT-${serial}`);
  const sold = new Map<string, ChannelOrder>();
  const takeIn = async (order: ChannelOrder, readStartedAt?: Date): Promise<void> => {
    clock.advance(1);
    sold.set(order.externalId, order);
    const document = { ...documentOf(order), readStartedAt: readStartedAt ?? clock.now() };
    const [result] = await database.run((ctx) => takeInOrders(ctx, deps, shopId, [document]));
    if (result?.outcome === 'parked') throw new Error(JSON.stringify(result.cause));
    clock.advance(1);
  };
  const soldAs = (externalId: string): ChannelOrder => {
    const order = sold.get(externalId);
    if (order === undefined) throw new Error(`never sold ${externalId}`);
    return order;
  };
  const world: OutboundWorld = {
    shopId,
    skus: [single, packed],
    warehouseId,
    async sell(externalId, lines, facts = {}) {
      await takeIn(
        soldOrder(externalId, {
          lines: lines.map(([listingExternalId, quantity], index) =>
            soldLine(`${externalId}/${index + 1}`, { listingExternalId, quantity }),
          ),
          ...facts,
        }),
      );
      return world.order(await idOf(database, shopId, externalId));
    },
    hearOf: (externalId, facts) => takeIn({ ...soldAs(externalId), ...facts }),
    async readAgain(externalId, facts = {}, readStartedAt) {
      const readAt = readStartedAt ?? new Date(clock.now().getTime() + 1);
      await takeIn({ ...soldAs(externalId), ...facts }, readAt);
      await database.run((ctx) =>
        rows(
          ctx.tx,
          sql`delete from order_reads where shop_id = ${shopId} and external_id = ${externalId} and asked_at <= ${readAt}`,
        ),
      );
    },
    order: (orderId) => database.read((db) => getOrder(db, orderId)),
    async allocate() {
      while ((await database.run((ctx) => allocate(ctx, 500))).more);
    },
    parcels: async (orderId) =>
      (await database.read((db) => listShipments(db, { after: null, limit: 50 }, { orderId }))).items,
    async ship(...parcels) {
      clock.advance(1);
      await database.run((ctx) =>
        shipOut(
          ctx,
          parcels.map(({ shipmentId, number }) => ({
            shipmentId,
            carrier: 'DHL',
            trackingNumber: `T-${number}`,
            trackingUrl: null,
            service: null,
          })),
        ),
      );
    },
    async sellAndShip(externalId, lines) {
      const { orderId } = await world.sell(externalId, lines);
      await world.allocate();
      await world.ship(...(await world.parcels(orderId)));
      return world.order(orderId);
    },
    async run(step, { signal = neverAborted, lease = uncontested } = {}) {
      const session = await database.read((db) => openShop(db, deps, shopId));
      return step(deps, session, lease, signal);
    },
    exceptions: () => openExceptionKinds(database, shopId),
  };
  return world;
}

async function idOf(database: TestDatabase, shopId: ShopId, externalId: string): Promise<OrderId> {
  const [found] = await database.read((db) =>
    rows<{ id: OrderId }>(db, sql`select id from orders where shop_id = ${shopId} and external_id = ${externalId}`),
  );
  if (found === undefined) throw new Error(`no order ${externalId}`);
  return found.id;
}
