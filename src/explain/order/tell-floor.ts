import { z } from 'zod';
import { tell } from '../words/sentences.ts';
import { byOf, itemsOf, parcelOf, partItems, placeOf, warehouseOf } from './naming.ts';
import { teller, type Teller } from './teller.ts';
import { told } from './told.ts';

const partUnits = z.object({ partId: z.string(), quantity: z.number() });
const state = z.enum(['planned', 'released', 'picked', 'packed', 'labelled', 'shipped', 'cancelled']);
const tracking = z.object({ carrier: z.string().nullable(), trackingNumber: z.string().nullable() });
const floor = state.options;

/** What happened to the parcels of an order. */
export const floorTellers: Readonly<Record<string, Teller>> = {
  units_withdrawn: teller(
    z.object({
      lines: z.array(partUnits.extend({ shipment: z.number() })),
      cancelledShipments: z.array(z.number()),
    }),
    (facts, { lines, cancelledShipments }) => {
      const items = partItems(facts, lines).map((item, index) => ({ ...item, parcel: lines[index]?.shipment ?? 0 }));
      return told(tell('story.withdrawn', { items, cancelled: [...new Set(cancelledShipments)] }));
    },
  ),
  units_lost: teller(
    z.object({
      lines: z.array(
        z.object({ shipment: z.number(), skuId: z.string(), warehouseId: z.string(), quantity: z.number() }),
      ),
    }),
    (facts, { lines }) => {
      const items = itemsOf(facts, lines).map((item, index) => ({
        ...item,
        parcel: lines[index]?.shipment ?? 0,
        warehouse: warehouseOf(facts, lines[index]?.warehouseId ?? ''),
      }));
      return told(tell('story.units_lost', { items }));
    },
  ),
  shipment_split: teller(
    z.object({ from: z.number(), to: z.number(), lines: z.array(partUnits) }),
    (facts, { from, to, lines }, entry) =>
      told(tell('story.split', { from, to, items: partItems(facts, lines), by: byOf(facts, entry) })),
  ),
  shipments_merged: teller(z.object({ into: z.number(), from: z.array(z.number()) }), (facts, { into, from }, entry) =>
    told(tell('story.merged', { into, from, by: byOf(facts, entry) })),
  ),
  parcel_moved: teller(z.object({ shipment: z.number(), from: state, to: state }), (facts, moved, entry) =>
    told(
      tell('story.parcel_moved', {
        parcel: moved.shipment,
        warehouse: placeOf(facts, moved.shipment),
        to: moved.to,
        isBack: floor.indexOf(moved.to) < floor.indexOf(moved.from),
        by: byOf(facts, entry),
      }),
    ),
  ),
  shipped: teller(tracking.extend({ shipment: z.number(), lines: z.array(partUnits) }), (facts, sent) => {
    const parcel = sent.shipment;
    const sentence = tell('story.shipped', {
      parcel,
      warehouse: placeOf(facts, parcel),
      items: partItems(facts, sent.lines),
      carrier: sent.carrier,
      tracking: sent.trackingNumber,
    });
    const orders = parcelOf(facts, parcel)?.otherOrders ?? [];
    return orders.length === 0 ? told(sentence) : told(sentence, tell('story.shared', { parcel, orders }));
  }),
  tracking_corrected: teller(z.object({ shipment: z.number(), after: tracking }), (facts, { shipment, after }, entry) =>
    told(
      tell('story.tracking_corrected', {
        parcel: shipment,
        carrier: after.carrier,
        tracking: after.trackingNumber,
        by: byOf(facts, entry),
      }),
    ),
  ),
};
