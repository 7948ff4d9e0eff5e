import { Fault, groupBy, type OrderId, type ShipmentId, type ShipmentLineId } from '../kernel/index.ts';
import { compareDemand, levelKey, type DemandRank, type LevelKey } from '../stock/index.ts';
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

/** Which reservations give up how many units: not yet picked before picked, then the least urgent first; packed ones none. */
export function planLoss(
  losses: readonly Loss[],
  reserved: readonly ReservedLine[],
): { readonly taken: readonly ReservedLine[]; readonly missing: readonly Loss[] } {
  const byLevel = groupBy(reserved, levelKey);
  const missing: Loss[] = [];
  const taken = losses.flatMap((loss) => {
    let open = loss.units;
    const own = (byLevel.get(levelKey(loss)) ?? []).filter(({ state }) => !isKept(state)).sort(leastUrgentFirst);
    const given = own.map((line) => {
      const quantity = Math.min(open, line.quantity);
      open -= quantity;
      return { ...line, quantity };
    });
    if (open > 0) missing.push({ ...loss, units: open });
    return given.filter(({ quantity }) => quantity > 0);
  });
  return { taken, missing };
}

function leastUrgentFirst(a: ReservedLine, b: ReservedLine): number {
  const picked = Number(a.state === 'picked') - Number(b.state === 'picked');
  return picked || compareDemand(b, a) || (a.shipmentLineId < b.shipmentLineId ? 1 : -1);
}

/** Throws Fault conflict `stock.loss_in_parcels` with the numbers of the packed shipments that hold the units. */
export function refuseMissing(missing: readonly Loss[], reserved: readonly ReservedLine[]): void {
  const [loss] = missing;
  if (loss === undefined) return;
  const packed = reserved.filter((line) => isKept(line.state) && levelKey(line) === levelKey(loss));
  const shipments = [...new Set(packed.map(({ number }) => number))].sort((a, b) => a - b);
  throw new Fault('conflict', 'stock.loss_in_parcels', {
    message: `the units lie in packed shipments ${shipments.join(', ')}: unpack one of them first`,
    data: { skuId: loss.skuId, warehouseId: loss.warehouseId, shipments },
  });
}
