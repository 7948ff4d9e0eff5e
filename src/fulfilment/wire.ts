import { z } from '@hono/zod-openapi';
import { shipmentStates } from './shipment-states.ts';

/** Most lines or shipments of one request. */
const linesMax = 500;

const instant = z.date().openapi({ type: 'string', format: 'date-time' });
const units = z.number().int();
const trackingText = z.string().min(1).max(200).nullable().default(null);

export const shipmentState = z.enum(shipmentStates.states);

const item = {
  shipmentId: z.string(),
  number: z.number(),
  warehouseId: z.string(),
  warehouseCode: z.string(),
  state: shipmentState,
  service: z.string().nullable(),
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  trackingUrl: z.string().nullable(),
  version: z.number(),
  createdAt: instant,
  shippedAt: instant.nullable(),
  orders: z.array(z.object({ orderId: z.string(), number: z.number(), externalNumber: z.string() })),
  units: z.number().openapi({ description: 'SKU units' }),
};

export const shipmentView = z.object(item).openapi('Shipment');

export const shipmentDetail = z
  .object({
    ...item,
    reasons: z.unknown().openapi({ description: 'Why this warehouse: codes and numbers of the planner' }),
    lines: z.array(
      z.object({
        shipmentLineId: z.string(),
        orderId: z.string(),
        partId: z.string(),
        skuId: z.string(),
        skuCode: z.string(),
        quantity: z.number(),
      }),
    ),
  })
  .openapi('ShipmentDetail');

const tracking = {
  carrier: trackingText,
  trackingNumber: trackingText,
  trackingUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null),
};

export const shipOutOne = z.strictObject({ ...tracking, service: trackingText });
export const shipOutMany = z.strictObject({
  shipments: z
    .array(z.strictObject({ shipmentId: z.uuid(), ...tracking, service: trackingText }))
    .min(1)
    .max(linesMax),
});
export const trackingOne = z.strictObject(tracking);

export const shipOutAnswer = z.object({ shipmentId: z.string(), outcome: z.enum(['shipped', 'unchanged']) });

export const splitBody = z.strictObject({
  lines: z
    .array(z.strictObject({ shipmentLineId: z.uuid(), quantity: units }))
    .min(1)
    .max(linesMax),
});

export const mergeBody = z.strictObject({ shipmentIds: z.array(z.uuid()).min(2).max(100) });

export const advanceBody = z.strictObject({
  shipments: z
    .array(
      z.strictObject({
        shipmentId: z.uuid(),
        to: z.enum(['planned', 'released', 'picked', 'packed', 'labelled']),
      }),
    )
    .min(1)
    .max(linesMax),
});

export const adjustments = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        skuId: z.uuid(),
        warehouseId: z.uuid(),
        delta: units.openapi({ description: 'Signed SKU units, not 0' }),
        reason: z.enum(['adjusted', 'counted']).default('adjusted'),
        note: z.string().max(500).nullable().default(null),
      }),
    )
    .min(1)
    .max(linesMax),
});
