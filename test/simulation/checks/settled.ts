import { sql } from 'drizzle-orm';
import type { ShopOrder } from '../../../connectors/sandbox/fake/index.ts';
import { list, rows } from '../../../src/platform/db/index.ts';
import type { Run } from '../run.ts';
import type { SimShop } from '../world.ts';

type HubOrder = { externalId: string; total: number; refunded: number; cancelled: number };
type HubListing = { externalId: string; seen: number | null };

/** Every order of every storefront is in the hub with its total, and every listing shows what the hub last read there. */
export async function compareWithChannels(run: Run): Promise<string[]> {
  const found: string[] = [];
  for (const shop of run.shops) found.push(...(await compareShop(run, shop)));
  return found;
}

async function compareShop(run: Run, { shopId, name, sandbox }: SimShop): Promise<string[]> {
  const { orders, listings } = await run.database.read(async (db) => ({
    orders: await rows<HubOrder>(
      db,
      sql`select o.external_id as "externalId", o.total_minor as total, o.refunded_minor as refunded,
                 (select sum(l.cancelled_quantity)::int4 from order_lines l where l.order_id = o.id) as cancelled
          from orders o where o.shop_id = ${shopId}`,
    ),
    listings: await rows<HubListing>(
      db,
      sql`select external_id as "externalId", seen_quantity as seen from listings where shop_id = ${shopId} and tracks_stock`,
    ),
  }));
  const mirrored = new Map(orders.map((order) => [order.externalId, factsOf(order)]));
  const sold = Object.values(sandbox.state.orders);
  const missing = sold
    .filter((order) => mirrored.get(order.id) !== soldFacts(order))
    .map((order) => `${name} ${order.number}: ${soldFacts(order)}, in the hub ${mirrored.get(order.id) ?? 'nothing'}`);
  const known = new Set(sold.map(({ id }) => id));
  const invented = orders
    .filter(({ externalId }) => !known.has(externalId))
    .map(({ externalId }) => `${name} ${externalId} was never sold`);
  const shown = listings
    .filter(({ externalId, seen }) => seen !== sandbox.saleable(externalId))
    .map(
      ({ externalId, seen }) =>
        `${name} listing ${externalId} shows ${sandbox.saleable(externalId)}, the hub saw ${seen}`,
    );
  return [...missing, ...invented, ...shown];
}

function factsOf({ total, refunded, cancelled }: Omit<HubOrder, 'externalId'>): string {
  return `total ${total}, refunded ${refunded}, cancelled ${cancelled}`;
}

function soldFacts({ totalMinor, refunds, lines }: ShopOrder): string {
  const refunded = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const cancelled = lines.reduce((sum, { cancelledQuantity }) => sum + cancelledQuantity, 0);
  return factsOf({ total: totalMinor, refunded, cancelled });
}

/** What the channel was told is stored must be there. */
export async function findLostWebhooks(run: Run): Promise<string[]> {
  const keys = [...run.acknowledged].toSorted();
  const stored = await run.database.read((db) =>
    rows<{ key: string }>(
      db,
      sql`select shop_id || '/' || dedupe_key as key from inbox_events
          where shop_id || '/' || dedupe_key = any(${list('text', keys)})`,
    ),
  );
  const found = new Set(stored.map(({ key }) => key));
  return keys.filter((key) => !found.has(key)).map((key) => `webhook ${key} was acknowledged and is not in the inbox`);
}
