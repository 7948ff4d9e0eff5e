import { stateMachine } from '../kernel/index.ts';

export type ShipmentState = 'planned' | 'released' | 'picked' | 'packed' | 'labelled' | 'shipped' | 'cancelled';

/**
 * A parcel may leave from every open state: a physical ship-out is a fact, and small warehouses have no floor process. From
 * packing on it is not cancelled but unpacked first: back to `picked`, as a voided label goes back to `packed`.
 */
export const shipmentStates = stateMachine<ShipmentState>('shipment', 'planned', {
  planned: ['released', 'shipped', 'cancelled'],
  released: ['planned', 'picked', 'shipped', 'cancelled'],
  picked: ['released', 'packed', 'shipped', 'cancelled'],
  packed: ['picked', 'labelled', 'shipped'],
  labelled: ['packed', 'shipped'],
  shipped: [],
  cancelled: [],
});

/** How far a shipment has come: units are taken back from the least advanced first. */
export const progress: Readonly<Record<ShipmentState, number>> = {
  planned: 0,
  released: 1,
  picked: 2,
  packed: 3,
  labelled: 4,
  shipped: 5,
  cancelled: 6,
};

/** From packing on goods are kept as they are, whatever happens to the order or the count. */
export function isKept(state: ShipmentState): boolean {
  return progress[state] >= progress.packed;
}
