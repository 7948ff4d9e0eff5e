import { z } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import type { LineUnits } from './events.ts';
import type { ReturnDetail, ReturnItem } from './queries.ts';
import { decisions, reportStates, returnSources, returnStates } from './return-states.ts';
import type { LineDecision } from './write-decisions.ts';

/** Most lines of one request. */
const linesMax = 500;

const instant = z.date().openapi({ type: 'string', format: 'date-time' });
const units = z.number().int().min(1);
const money = z.object({ minor: z.number().int(), currency: z.string() }).openapi('Money');

export const returnState = z.enum(returnStates.states);

const item = {
  returnId: z.string(),
  number: z.number().int(),
  orderId: z.string(),
  orderNumber: z.number().int(),
  externalNumber: z.string(),
  shopId: z.string(),
  source: z.enum(returnSources),
  state: returnState,
  reason: z.string(),
  units: z.number().int().openapi({ description: 'Units of the listings' }),
  waitingUnits: z.number().int(),
  createdAt: instant,
  closedAt: instant.nullable(),
};

export const returnItemView = z.object(item).openapi('ReturnItem');

export const returnView = z
  .object({
    ...item,
    lines: z.array(
      z.object({
        returnLineId: z.string(),
        orderLineId: z.string(),
        title: z.string(),
        skuCode: z.string().nullable(),
        quantity: z.number().int(),
        restocked: z.number().int(),
        scrapped: z.number().int(),
        notReturned: z.number().int(),
        waiting: z.number().int(),
      }),
    ),
    decisions: z.array(
      z.object({
        returnLineId: z.string(),
        at: instant,
        decision: z.enum(decisions),
        quantity: z.number().int(),
        warehouseId: z.string().nullable(),
        warehouseCode: z.string().nullable(),
        note: z.string().nullable(),
        actorKind: z.string(),
        actorId: z.string(),
      }),
    ),
    reports: z
      .array(
        z.object({
          externalId: z.string(),
          state: z.enum(reportStates),
          reason: z.string().nullable(),
          askedAt: instant.nullable(),
        }),
      )
      .openapi({ description: 'The return as the channel shows it; empty where it shows none' }),
    refunds: z.array(
      z.object({
        refundId: z.string(),
        requestId: z.string().nullable(),
        externalId: z.string().nullable(),
        state: z.enum(['asked', 'made', 'refused', 'pending', 'settled', 'failed']),
        amount: money,
        shipping: money,
        lines: z.array(z.object({ orderLineId: z.string(), quantity: z.number().int() })),
        cause: z.unknown(),
        nextStep: z.string().nullable(),
        createdAt: instant,
      }),
    ),
  })
  .openapi('Return');

export function toReturnItemView({ currency: _, ...rest }: ReturnItem): z.input<typeof returnItemView> {
  return rest;
}

export function toReturnView(found: ReturnDetail): z.input<typeof returnView> {
  const { lines, decisions: decided, reports, refunds, currency, ...head } = found;
  return {
    ...head,
    lines: [...lines],
    decisions: [...decided],
    reports: [...reports],
    refunds: refunds.map(({ amountMinor, shippingMinor, lines: own, ...refund }) => ({
      ...refund,
      amount: { minor: amountMinor, currency },
      shipping: { minor: shippingMinor, currency },
      lines: own.map(({ orderLineId, quantity }) => ({ orderLineId, quantity })),
    })),
  };
}

const refundWish = z
  .strictObject({
    amount: z
      .strictObject({ minor: z.number().int().positive(), currency: z.string().length(3) })
      .nullable()
      .default(null)
      .openapi({ description: 'Null: what was charged for the units, and for shipping where that is wished' }),
    includesShipping: z.boolean().default(false),
    reason: z.string().min(1).max(500).nullable().default(null),
  })
  .openapi('RefundWish');

const orderLines = z
  .array(z.strictObject({ orderLineId: z.uuid(), quantity: units }))
  .min(1)
  .max(linesMax);

export const returnEntry = z.strictObject({
  orderId: z.uuid(),
  reason: z.string().min(1).max(500),
  lines: orderLines,
  refund: refundWish.nullable().default(null),
});

export const returnDecision = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        returnLineId: z.uuid(),
        decision: z.enum(decisions),
        quantity: units,
        warehouseId: z.uuid().nullable().default(null).openapi({ description: 'Where restocked units lie' }),
        note: z.string().max(500).nullable().default(null),
      }),
    )
    .min(1)
    .max(linesMax),
  refund: refundWish
    .nullable()
    .default(null)
    .openapi({ description: 'Pays back the units that these decisions say came back' }),
});

export const returnRefund = refundWish.extend({
  lines: orderLines
    .nullable()
    .default(null)
    .openapi({ description: 'Null: all that came back or still may, and is not paid back yet' }),
});

const asked = z.object({ requestId: z.string(), amount: money });

export const enteredView = z.object({ returnId: z.string(), number: z.number().int(), refund: asked.nullable() });
export const decidedView = z.object({ state: returnState, refund: asked.nullable() });
export const askedView = asked;

export function toAskedView(refund: {
  requestId: string;
  amountMinor: number;
  currency: string;
}): z.input<typeof asked> {
  const { requestId, amountMinor: minor, currency } = refund;
  return { requestId, amount: { minor, currency } };
}

export function toLineUnits(lines: z.output<typeof orderLines>): LineUnits[] {
  return lines.map(({ orderLineId, quantity }, index) => ({
    orderLineId: parseId<'order_line'>(orderLineId, `lines.${index}.orderLineId`),
    quantity,
  }));
}

export function toDecisions(lines: z.output<typeof returnDecision>['lines']): LineDecision[] {
  return lines.map(({ returnLineId, warehouseId, ...line }, index) => ({
    ...line,
    returnLineId: parseId<'return_line'>(returnLineId, `lines.${index}.returnLineId`),
    warehouseId: warehouseId === null ? null : parseId<'warehouse'>(warehouseId, `lines.${index}.warehouseId`),
  }));
}
