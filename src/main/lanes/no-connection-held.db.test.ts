import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noFaults, type SandboxCharacter } from '../../../connectors/sandbox/fake/index.ts';
import { useSandboxShop } from '../../../test/support/factories/sandbox-world.ts';
import { newSignal } from '../../../test/support/lane-work.ts';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { shopLane } from '../../channels/index.ts';
import { listShipments, shipOut } from '../../fulfilment/index.ts';
import { listOrders } from '../../orders/index.ts';
import { requestCancel, requestRefund } from '../../outbound/index.ts';
import { rows } from '../../platform/db/index.ts';
import { drainLane, type LaneKind } from '../../platform/queue/index.ts';
import { allocationLane, inboundLane } from './deployment-lanes.ts';
import { inboundLaneOf, lanes } from './names.ts';
import { shopLanes } from './shop-lane.ts';

/** A call that was waiting, and what was held meanwhile. */
type Waiting = { readonly call: string; readonly held: readonly string[] };

const minute = 60_000;

/** One shop of this character, every call to which waits until the pools and the server's own list of sessions are read. */
function useWatchedShop(character: SandboxCharacter) {
  const bench = useSandboxShop(character);
  const { database, clock } = bench;
  const waited: Waiting[] = [];
  let observer: pg.Client;
  beforeAll(async () => {
    observer = new pg.Client({ connectionString: database.url });
    await observer.connect();
  });
  afterAll(() => observer.end());
  const heldNow = async (): Promise<string[]> => {
    const busy = database.pools().filter((pool) => pool.busy > 0 || pool.waiting > 0);
    const { rows } = await observer.query<{ session: string }>(
      `select state || ': ' || query as session from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
    );
    return [...busy.map(({ pool }) => `a connection of the pool ${pool}`), ...rows.map(({ session }) => session)];
  };
  const drain = async (kind: LaneKind, lane: string): Promise<void> => {
    const drainer = { database, clock, log: quietLog, metrics: null, leaseMs: minute };
    await drainLane({ ...drainer, isStopping: () => false, held: new Set() }, kind, lane);
  };
  return {
    database,
    clock,
    waited,
    deps: bench.deps,
    drain,
    async open() {
      const world = await bench.open();
      world.onAnswer = async ({ method, url }, answer) => {
        waited.push({ call: `${method} ${nameOf(url)}`, held: await heldNow() });
        return answer;
      };
      return world;
    },
  };
}

/** The path without the ids in it. */
function nameOf(url: string): string {
  return new URL(url).pathname.replaceAll(/\/[\w.-]*\d[\w.-]*/g, '/…');
}

describe.each([
  ['webhooks', ['POST /api/orders/…/cancel', 'POST /api/webhooks']],
  ['poll_only', ['POST /api/orders/…/cancel']],
  ['masked', ['POST /api/orders/…/cancel', 'POST /api/oauth/token']],
  ['self_hosted', ['POST /api/orders/…/cancel']],
  ['unit_lines', ['POST /api/units/…/cancel']],
] as const)('a shop of the kind %s', (character, more) => {
  const shop = useWatchedShop(character);

  it('is called without a connection or a transaction held, whatever it is asked for', async () => {
    const { database, clock, waited } = shop;
    const { shop: sandbox, shopId, listings } = await shop.open();
    sandbox.setFaults(noFaults);
    const deps = shop.deps();
    const listingId = listings[0]?.externalId ?? '';
    const work = async (): Promise<void> => {
      await shop.drain(shopLanes(deps, 'https://hub.example.com'), shopLane(shopId));
      await shop.drain(inboundLane(deps), inboundLaneOf(shopId));
      await shop.drain(allocationLane(deps), lanes.allocation);
      clock.advance(10 * minute);
    };
    for (let order = 0; order < 3; order += 1) sandbox.placeOrder({ lines: [{ listingId, quantity: 2 }] });
    for (let pass = 0; pass < 3; pass += 1) await work();
    const { items } = await database.read((db) => listOrders(db, { after: null, limit: 10 }));
    const [cancelled, refunded] = items;
    if (cancelled === undefined || refunded === undefined) throw new Error('no orders were taken in');
    await database.run((ctx) =>
      requestCancel(ctx, deps.connectors, { orderId: cancelled.orderId, lines: null, reason: 'changed their mind' }),
    );
    await database.run((ctx) =>
      requestRefund(ctx, deps.connectors, {
        orderId: refunded.orderId,
        amountMinor: 100,
        currency: refunded.currency,
        reason: 'goodwill',
        lines: [],
      }),
    );
    await work();
    const parcels = await database.read((db) => listShipments(db, { after: null, limit: 10 }, { state: 'planned' }));
    await database.run((ctx) =>
      shipOut(
        ctx,
        parcels.items.map(({ shipmentId, number }) => ({
          shipmentId,
          carrier: 'DHL',
          trackingNumber: `T${number}`,
          trackingUrl: null,
          service: null,
        })),
      ),
    );
    for (let pass = 0; pass < 4; pass += 1) await work();
    // An access that expires is renewed before it does.
    clock.advance(4 * 60 * minute);
    await work();
    expect(waited.filter(({ held }) => held.length > 0)).toEqual([]);
    expect([...new Set(waited.map(({ call }) => call))]).toEqual(expect.arrayContaining([...asked, ...more]));
  });
});

const asked: readonly string[] = [
  'GET /api/orders',
  'GET /api/listings',
  'GET /api/stock',
  'PUT /api/stock',
  'POST /api/orders/…/refunds',
  'POST /api/orders/…/fulfilments',
];

describe('a transaction that is open meanwhile', () => {
  const shop = useWatchedShop('webhooks');

  it('is found', async () => {
    const { database, clock, waited } = shop;
    const { shopId } = await shop.open();
    clock.advance(10 * minute);
    const [opened, over] = [newSignal(), newSignal()];
    const holder = database.run(async (ctx) => {
      await rows(ctx.tx, sql`select 1`);
      opened.resolve();
      await over.promise;
    });
    await opened.promise;
    await shop.drain(shopLanes(shop.deps(), null), shopLane(shopId));
    over.resolve();
    await holder;
    expect(waited.length).toBeGreaterThan(0);
    const isTold = ({ held }: Waiting): boolean =>
      held.includes('a connection of the pool write') && held.some((each) => each.startsWith('idle in transaction'));
    expect(waited.filter((each) => !isTold(each))).toEqual([]);
  });
});
