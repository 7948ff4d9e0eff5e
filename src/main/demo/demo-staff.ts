import { listShipments, shipOut } from '../../fulfilment/index.ts';
import type { ShopDeps } from '../../channels/index.ts';
import { listLevels, receiveStock } from '../../stock/index.ts';
import { demoActor } from './seed-demo.ts';

const roundMs = 5_000;
/** A planned parcel stays on the bench this long, so that a visitor can see it and ship it himself. */
const benchMs = 45_000;
const parcelsPerRoundMax = 3;
const lowUnits = 8;
const restockUnits = 40;

/** Two hands in the demo's warehouses: they ship what has waited a while and restock what runs low. */
export function startDemoStaff(deps: ShopDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await shipSome(deps);
        await restock(deps);
      } catch (error) {
        deps.log.warn({ error }, 'the demo staff could not do its round');
      }
      await deps.clock.sleep(roundMs, stopping.signal).catch(() => undefined);
    }
  };
  const working = work();
  return {
    async stop() {
      stopping.abort();
      await working;
    },
  };
}

async function shipSome(deps: ShopDeps): Promise<void> {
  const before = deps.clock.now().getTime() - benchMs;
  const page = await deps.database.read((db) => listShipments(db, { after: null, limit: 200 }, { state: 'planned' }));
  const waiting = page.items.filter((shipment) => shipment.createdAt.getTime() < before).slice(-parcelsPerRoundMax);
  if (waiting.length === 0) return;
  await deps.database.transact({ actor: demoActor }, (ctx) =>
    shipOut(
      ctx,
      waiting.map(({ shipmentId, number }) => ({
        shipmentId,
        carrier: 'DHL',
        trackingNumber: `JD01460${String(number).padStart(9, '0')}`,
        trackingUrl: null,
        service: null,
      })),
    ),
  );
}

async function restock(deps: ShopDeps): Promise<void> {
  const page = await deps.database.read((db) => listLevels(db, { after: null, limit: 200 }));
  const low = page.items.filter((level) => level.onHand - level.reserved < lowUnits);
  if (low.length === 0) return;
  await deps.database.transact({ actor: demoActor }, (ctx) =>
    receiveStock(
      ctx,
      low.map(({ skuId, warehouseId }) => ({
        skuId,
        warehouseId,
        quantity: restockUnits,
        unitCost: null,
        costCurrency: null,
        lotId: null,
        note: 'demo restock',
      })),
    ),
  );
}
