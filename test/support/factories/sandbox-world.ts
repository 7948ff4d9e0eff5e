import { createSandbox, type Sandbox, type SandboxCharacter } from '../../../connectors/sandbox/fake/index.ts';
import { sandboxOf } from '../../../connectors/sandbox/index.ts';
import {
  connectShop,
  isCallable,
  openShop,
  readHealth,
  type LaneStep,
  type ShopDeps,
  type ShopSession,
} from '../../../src/channels/index.ts';
import { manualClock, type Clock, type ShopId, type SkuId, type WarehouseId } from '../../../src/kernel/index.ts';
import { wireMarkers } from '../../../src/main/markers.ts';
import { readClock } from '../../../src/platform/db/index.ts';
import { drainLane, type LaneKind } from '../../../src/platform/queue/index.ts';
import { useDatabase, type TestDatabase } from '../database.ts';
import { openExceptionKinds } from '../open-exception-kinds.ts';
import { quietLog } from '../quiet-log.ts';
import { addSkus, createPlainChannel, listItems, plainDeps, stockUp } from './plain-channel.ts';

/** The lane's own reading before a number rises. */
export { readNewOrders } from '../../../src/main/lanes/read-new-orders.ts';

const origin = 'https://sandbox.example.com';
/** Of a lane of these tests, by the database's clock. */
export const sandboxLeaseMs = 60_000;

/** One file's database, and shops of one character in this process; all of it goes by one clock. */
export type SandboxBench = {
  readonly database: TestDatabase;
  readonly clock: ReturnType<typeof manualClock>;
  readonly deps: () => ShopDeps;
  open(): Promise<SandboxWorld>;
};

export type SandboxWorld = {
  readonly shop: Sandbox;
  readonly shopId: ShopId;
  /** The listings that are counted, in the order of their ids here, each of a SKU of its own with 10 units. */
  readonly listings: readonly { readonly externalId: string; readonly skuId: SkuId }[];
  readonly warehouseId: WarehouseId;
  /** Every answer of the shop passes here before the hub gets it. */
  onAnswer: (request: Request, answer: Response) => Promise<Response>;
  session(): Promise<ShopSession>;
  /** Drains the shop's lane under a real lease until the step finds nothing. Not where another holds it, or it is paused. */
  drain(step: LaneStep, workerClock?: Clock): Promise<void>;
  /** Kinds of the shop's open exceptions. */
  exceptions(): Promise<string[]>;
  /** What `connect` would be told by the shop now. */
  granted(): Record<string, unknown>;
};

export function useSandboxShop(character: SandboxCharacter): SandboxBench {
  const connector = sandboxOf(character);
  const connectors = new Map([[connector.code, connector]]);
  const clock = manualClock(new Date('2026-11-20T12:00:00Z'));
  const database = useDatabase({ markers: wireMarkers(connectors), clock, pools: { write: 8 } });
  let current: SandboxWorld | null = null;
  const fetchShop: typeof globalThis.fetch = async (input, init) => {
    if (current === null) throw new Error('no shop is open');
    const request = new Request(input, init);
    return current.onAnswer(request, await current.shop.fetch(request.clone()));
  };
  const deps = (): ShopDeps => ({
    ...plainDeps(database, createPlainChannel()),
    connectors,
    clock,
    outgoing: { fetchFor: () => fetchShop, guardProcess: () => () => undefined, close: () => Promise.resolve() },
  });
  return {
    database,
    clock,
    deps,
    async open() {
      const shop = createSandbox({
        character,
        clock,
        webhookDelivery: 'driven',
        rateLimit: { burst: 100_000, perSecond: 100_000 },
      });
      current = await openWorld(database, clock, deps(), shop);
      return current;
    },
  };
}

let serial = 0;

async function openWorld(database: TestDatabase, clock: Clock, deps: ShopDeps, shop: Sandbox): Promise<SandboxWorld> {
  serial += 1;
  const { shopId } = await database.run((ctx) =>
    connectShop(ctx, deps, {
      channel: sandboxOf(shop.character).code,
      name: `Sandbox ${serial}`,
      settings: shop.settings(origin),
      claimsAt: 'placed',
      ordersSince: new Date('2026-01-01T00:00:00Z'),
      pushesStock: true,
      report: { shopName: 'Sandbox', currency: 'EUR', timeZone: 'UTC' },
    }),
  );
  const counted = shop.state.listings.filter(({ tracksStock }) => tracksStock).map(({ id }) => id);
  const skuIds = await addSkus(
    database,
    counted.map((id) => `${serial}-${id}`),
  );
  const listings = counted.flatMap((externalId, index) => {
    const skuId = skuIds[index];
    return skuId === undefined ? [] : [{ externalId, skuId }];
  });
  await listItems(database, shopId, listings);
  const units = new Map(skuIds.map((skuId) => [skuId, 10]));
  const warehouseId = await stockUp(database, [shopId], units, `SANDBOX-${serial}`);
  const world: SandboxWorld = {
    shop,
    shopId,
    listings,
    warehouseId,
    onAnswer: (_, answer) => Promise.resolve(answer),
    session: () => database.read((db) => openShop(db, deps, shopId)),
    async drain(step, workerClock = clock) {
      const drainer = { database, clock: workerClock, log: quietLog, metrics: null, leaseMs: sandboxLeaseMs };
      const kind = laneOf(step, deps, world);
      await drainLane({ ...drainer, isStopping: () => false, held: new Set() }, kind, `sandbox:${shopId}`);
    },
    exceptions: () => openExceptionKinds(database, shopId),
    granted: () => shop.settings(origin),
  };
  return world;
}

function laneOf(step: LaneStep, deps: ShopDeps, world: SandboxWorld): LaneKind {
  return {
    kind: 'sandbox',
    due: () => Promise.resolve([]),
    async drain(_, lease) {
      const session = await world.session();
      const health = await deps.database.read((db) => readHealth(db, world.shopId));
      if (!isCallable(session.shop, health, await readClock(deps.database))) return 'empty';
      const { didWork } = await step(deps, session, lease, lease.signal);
      return didWork ? 'more' : 'empty';
    },
  };
}
