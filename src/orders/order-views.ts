import { z } from '@hono/zod-openapi';
import { moneyFromDecimal } from '../kernel/index.ts';
import type { LineDetail, OrderDetail } from './get-order.ts';
import { holdKinds } from './place-holds.ts';
import type { OrderItem } from './queries.ts';

/** JSON of orders: money as { minor, currency }, ids and numbers of the channel as text. */

const instant = z.date().openapi({ type: 'string', format: 'date-time' });
const money = z.object({ minor: z.number().int(), currency: z.string() }).openapi('Money');
const holdKind = z.enum(holdKinds);

const item = {
  orderId: z.string(),
  number: z.string(),
  shopId: z.string(),
  externalId: z.string(),
  externalNumber: z.string(),
  placedAt: instant,
  total: money,
  refunded: money,
  paymentState: z.enum(['unpaid', 'authorised', 'paid']),
  fulfilmentState: z.enum(['open', 'partly_shipped', 'shipped']),
  cancelledAt: instant.nullable(),
  supersededBy: z.string().nullable(),
  shipBy: instant.nullable(),
  holds: z.array(holdKind),
};

export const orderItemView = z.object(item).openapi('OrderItem');

const lineView = z.object({
  orderLineId: z.string(),
  externalId: z.string(),
  listingExternalId: z.string().nullable(),
  skuCode: z.string().nullable(),
  title: z.string(),
  quantity: z.number().int(),
  cancelledQuantity: z.number().int(),
  channelFulfilledQuantity: z.number().int(),
  unitPrice: z.string().nullable(),
  amount: money,
  fulfilledBy: z.enum(['seller', 'channel']),
  isWaiting: z.boolean(),
  parts: z.array(
    z.object({
      partId: z.string(),
      skuId: z.string(),
      skuCode: z.string(),
      unitsPerLine: z.number().int(),
      ordered: z.number().int(),
      cancelled: z.number().int(),
      shipped: z.number().int(),
      shippedElsewhere: z.number().int(),
      returned: z.number().int().openapi({ description: 'Of the shipped: in returns' }),
    }),
  ),
});

export const orderView = z
  .object({
    ...item,
    version: z.number().int(),
    pricesIncludeTax: z.boolean(),
    sums: z.object({ lines: money, shipping: money, tax: money, discounts: money, residual: money, receivable: money }),
    charged: z
      .object({ total: z.string(), residual: z.string() })
      .nullable()
      .openapi({
        description:
          'Where the channel charges unrounded amounts: what the buyer was charged, as decimal text in major units, and what ' +
          'rounding it to the total took off (charged total = total + residual)',
      }),
    buyerPaid: money,
    paidAt: instant.nullable(),
    cancelReason: z.string().nullable(),
    isClosedOnChannel: z.boolean(),
    partOfExternalId: z.string().nullable(),
    placedAtSource: z.string(),
    readStartedAt: instant,
    shippingService: z.string().nullable(),
    buyerNote: z.string().nullable(),
    receiver: z
      .object({
        name: z.string(),
        phone: z.string(),
        city: z.string(),
        region: z.string(),
        postalCode: z.string(),
        countryCode: z.string(),
      })
      .nullable()
      .openapi({ description: 'Names and phones masked' }),
    lines: z.array(lineView),
    shipping: z.array(z.object({ externalId: z.string(), title: z.string(), amount: money })),
    discounts: z.array(
      z.object({ code: z.string().nullable(), title: z.string(), amount: money, fundedBy: z.string() }),
    ),
    taxes: z.array(z.object({ title: z.string(), ratePercent: z.string().nullable(), amount: money })),
    payments: z.array(
      z.object({
        externalId: z.string(),
        method: z.string(),
        state: z.string(),
        amount: money,
        paidAt: instant.nullable(),
      }),
    ),
    refunds: z.array(
      z.object({
        externalId: z.string(),
        state: z.string(),
        amount: money,
        reason: z.string().nullable(),
        refundedAt: instant.nullable(),
      }),
    ),
    packages: z.array(
      z.object({
        externalId: z.string(),
        trackingNumber: z.string().nullable(),
        carrier: z.string().nullable(),
        state: z.string(),
        seenAt: instant,
      }),
    ),
    holdHistory: z.array(
      z.object({
        kind: holdKind,
        placedAt: instant,
        releasedAt: instant.nullable(),
        releasedBy: z.string().nullable(),
      }),
    ),
    timeline: z.array(
      z.object({ at: instant, kind: z.string(), data: z.unknown(), actorKind: z.string(), actorId: z.string() }),
    ),
  })
  .openapi('Order');

export function toOrderItemView(order: OrderItem): z.input<typeof orderItemView> {
  const { number, currency, totalMinor, refundedMinor, holds, ...rest } = order;
  return {
    ...rest,
    number: String(number),
    total: { minor: totalMinor, currency },
    refunded: { minor: refundedMinor, currency },
    holds: [...holds],
  };
}

function chargedOf(total: string, currency: string): { total: string; residual: string } {
  return { total, residual: moneyFromDecimal(total, currency).residual };
}

export function toOrderView(order: OrderDetail): z.input<typeof orderView> {
  const { currency } = order;
  const of = (minor: number): z.input<typeof money> => ({ minor, currency });
  const withAmount = <Row extends { readonly amountMinor: number }>({ amountMinor, ...row }: Row) => ({
    ...row,
    amount: of(amountMinor),
  });
  const line = ({ parts, ...rest }: LineDetail) => ({
    ...withAmount(rest),
    parts: parts.map(({ orderLineId: _orderLineId, ...part }) => part),
  });
  return {
    ...order,
    ...toOrderItemView(order),
    sums: {
      lines: of(order.linesMinor),
      shipping: of(order.shippingMinor),
      tax: of(order.taxMinor),
      discounts: of(order.discountMinor),
      residual: of(order.residualMinor),
      receivable: of(order.receivableMinor),
    },
    charged: order.chargedTotal === null ? null : chargedOf(order.chargedTotal, currency),
    buyerPaid: of(order.buyerPaidMinor),
    lines: order.lines.map(line),
    shipping: order.shipping.map(withAmount),
    discounts: order.discounts.map(withAmount),
    taxes: order.taxes.map(withAmount),
    payments: order.payments.map(withAmount),
    refunds: order.refunds.map(withAmount),
    packages: [...order.packages],
    holdHistory: [...order.holdHistory],
    timeline: [...order.timeline],
  };
}
