import { Fault, type OrderId, type ShipmentId, type ShipmentLineId } from '../kernel/index.ts';
import { compareDemand, levelKey, type DemandRank, type LevelKey } from '../stock/index.ts';
import { groupBy } from './group-by.ts';
import { isKept, type ShipmentState } from './shipment-states.ts';

/** Reserved units that a level has to give up. */
export type Loss = LevelKey & { readonly units: number };

/** An open reservation with what decides whether it goes. */
export type ReservedLine = LevelKey &
  DemandRank & {
    readonly shipmentLineId: ShipmentLineId;
    readonly shipmentId: ShipmentId;
    readonly number: number;
    readonly state: ShipmentState;
    readonly orderId: OrderId;
    readonly shopId: string;
    readonly quantity: number;
  };

/** Which reservations give up how many units: not yet picked before picked, then the least urgent first. */
export function planLoss(losses: readonly Loss[], reserved: readonly ReservedLine[]): ReservedLine[] {
  const byLevel = groupBy(reserved, levelKey);
  return losses.flatMap((loss) => {
    let open = loss.units;
    const own = byLevel.get(levelKey(loss)) ?? [];
    const taken: ReservedLine[] = [];
    for (const line of own.filter(({ state }) => !isKept(state)).sort(leastUrgentFirst)) {
      const quantity = Math.min(open, line.quantity);
      if (quantity === 0) continue;
      open -= quantity;
      taken.push({ ...line, quantity });
    }
    if (open > 0) refuse(loss, own);
    return taken;
  });
}

function leastUrgentFirst(a: ReservedLine, b: ReservedLine): number {
  const picked = Number(a.state === 'picked') - Number(b.state === 'picked');
  return picked || compareDemand(b, a) || (a.shipmentLineId < b.shipmentLineId ? 1 : -1);
}

function refuse(loss: Loss, lines: readonly ReservedLine[]): never {
  const parcels = [...new Set(lines.filter(({ state }) => isKept(state)).map(({ number }) => number))];
  throw new Fault('conflict', 'stock.loss_in_parcels', {
    message: `the units lie in packed shipments ${parcels.join(', ')}: unpack one of them first`,
    data: { skuId: loss.skuId, warehouseId: loss.warehouseId, shipments: parcels },
  });
}
