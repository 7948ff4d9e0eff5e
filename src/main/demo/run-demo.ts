import { startSimulator } from '../../../connectors/sandbox/fake/index.ts';
import { changeShop, listShops, type ShopRow } from '../../channels/index.ts';
import type { Database } from '../../platform/db/index.ts';
import type { Hub } from '../hub.ts';
import { startDemoStaff } from './demo-staff.ts';
import type { DemoShop } from './demo-shop.ts';
import { demoActor, seedDemo } from './seed-demo.ts';

/**
 * Brings the demo to life: at the first start its catalogue, warehouses, stock and shop; at every start its address, the
 * buyers, and the staff who ship and restock. Answers with what stops it.
 */
export async function runDemo(hub: Hub, demoShop: DemoShop, say: (line: string) => void): Promise<() => Promise<void>> {
  const { database } = hub.deps;
  let shop = await findDemoShop(database);
  if (shop === null) {
    say('Furnishing the demo: a shop, two warehouses, stock …');
    await seedDemo(hub.deps, demoShop);
    shop = await findDemoShop(database);
  }
  if (shop === null) throw new Error('the demo shop was not stored');
  await followAddress(hub, demoShop, shop);
  const simulator = startSimulator({ sandbox: demoShop.sandbox });
  const staff = startDemoStaff(hub.deps);
  return async () => {
    await simulator.stop();
    await staff.stop();
  };
}

async function findDemoShop(database: Database): Promise<ShopRow | null> {
  const { items } = await database.read((db) => listShops(db, { after: null, limit: 50 }));
  return items.find((shop) => shop.channel === 'sandbox') ?? null;
}

/** The shop's port changes between starts; the hub's own address is told to the shop by its lane. */
async function followAddress(hub: Hub, demoShop: DemoShop, shop: ShopRow): Promise<void> {
  const { apiKey, webhookSecret } = demoShop.sandbox;
  const settings = { baseUrl: demoShop.origin, apiKey, webhookSecret };
  await hub.deps.database.transact({ actor: demoActor }, (ctx) =>
    changeShop(ctx, hub.deps, { shopId: shop.shopId, version: shop.version, settings }),
  );
}
