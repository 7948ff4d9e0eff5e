import { startSimulator } from '../../../connectors/sandbox/simulator.ts';
import { changeShop, listShops, openShop, type ShopRow } from '../../channels/index.ts';
import type { Database } from '../../platform/db/index.ts';
import type { Hub } from '../hub.ts';
import { startDemoStaff } from './demo-staff.ts';
import type { DemoShop } from './demo-shop.ts';
import { demoActor, seedDemo } from './seed-demo.ts';

/**
 * Brings the demo to life: at the first start its catalogue, warehouses, stock and shop; at every start the addresses, the
 * buyers, and the staff who ship and restock. Answers with what stops it.
 */
export async function runDemo(
  hub: Hub,
  demoShop: DemoShop,
  hubOrigin: string,
  say: (line: string) => void,
): Promise<() => Promise<void>> {
  const { database } = hub.deps;
  let shop = await findDemoShop(database);
  if (shop === null) {
    say('Furnishing the demo: a shop, two warehouses, stock …');
    await seedDemo(hub.deps, demoShop);
    shop = await findDemoShop(database);
  }
  if (shop === null) throw new Error('the demo shop was not stored');
  await followAddresses(hub, demoShop, hubOrigin, shop);
  const simulator = startSimulator({ sandbox: demoShop.sandbox, seed: Date.now() % 1_000_000 });
  const staff = startDemoStaff(hub.deps);
  return async () => {
    simulator.stop();
    await staff.stop();
  };
}

async function findDemoShop(database: Database): Promise<ShopRow | null> {
  const { items } = await database.read((db) => listShops(db, { after: null, limit: 50 }));
  return items.find((shop) => shop.channel === 'sandbox') ?? null;
}

/** Ports change between starts: the hub learns where the shop is, and the shop where its webhooks go. */
async function followAddresses(hub: Hub, demoShop: DemoShop, hubOrigin: string, shop: ShopRow): Promise<void> {
  const { deps } = hub;
  const { apiKey, webhookSecret } = demoShop.sandbox;
  const settings = { baseUrl: demoShop.origin, apiKey, webhookSecret };
  await deps.database.transact({ actor: demoActor }, (ctx) =>
    changeShop(ctx, deps, { shopId: shop.shopId, version: shop.version, settings }),
  );
  const session = await deps.database.read((db) => openShop(db, deps, shop.shopId));
  const io = session.io(AbortSignal.timeout(10_000), deps.clock.now());
  await session.connector.webhooks?.register?.(io, `${hubOrigin}/hooks/${shop.webhookKey}`);
}
