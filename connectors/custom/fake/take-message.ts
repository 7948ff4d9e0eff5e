import { z } from 'zod';
import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import type { StoreState } from './state.ts';

const units = z.array(z.object({ lineExternalId: z.string(), quantity: z.number().int() }));

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ping'), data: z.object({}) }),
  z.object({
    type: z.literal('stock.updated'),
    data: z.object({
      items: z.array(z.object({ listingExternalId: z.string(), quantity: z.number().int(), version: z.string() })),
    }),
  }),
  z.object({
    type: z.literal('shipment.shipped'),
    data: z.object({
      orderExternalId: z.string(),
      packageReference: z.string(),
      trackingNumber: z.string(),
      carrier: z.string(),
      lines: units,
    }),
  }),
  z.object({
    type: z.literal('order.cancel_requested'),
    data: z.object({ orderExternalId: z.string(), lines: units.nullable(), reason: z.string() }),
  }),
  z.object({
    type: z.literal('order.refund_requested'),
    data: z.object({
      orderExternalId: z.string(),
      requestId: z.string(),
      amountMinor: z.number().int(),
      reason: z.string(),
      lines: units,
    }),
  }),
]);

export type StoreMessage = z.infer<typeof message>;

/** Throws where it is none that the store knows. */
export function readStoreMessage(text: string): StoreMessage {
  return message.parse(JSON.parse(text));
}

/** Applies one message; answers with the order it changed. */
export function takeMessage(state: StoreState, { type, data }: StoreMessage, at: Date): ChannelOrder | null {
  switch (type) {
    case 'ping':
      return null;
    case 'stock.updated':
      for (const { listingExternalId, ...told } of data.items) {
        const shown = state.stock.get(listingExternalId);
        if (shown === undefined || BigInt(told.version) > BigInt(shown.version))
          state.stock.set(listingExternalId, told);
      }
      return null;
    case 'shipment.shipped': {
      const order = orderOf(state, data.orderExternalId);
      const { packageReference: externalId, trackingNumber, carrier, lines } = data;
      return {
        ...order,
        lines: withUnits(order, lines, (line, quantity) => ({ fulfilledQuantity: line.fulfilledQuantity + quantity })),
        packages: [...order.packages, { externalId, trackingNumber, carrier, state: 'shipped', lines }],
      };
    }
    case 'order.cancel_requested': {
      const order = orderOf(state, data.orderExternalId);
      const cancelled = { cancelReason: data.reason };
      if (data.lines === null)
        return { ...order, ...cancelled, cancelledAt: at.toISOString(), lines: allCancelled(order) };
      const lines = withUnits(order, data.lines, (_line, quantity) => ({ cancelledQuantity: quantity }));
      return { ...order, ...cancelled, lines };
    }
    case 'order.refund_requested': {
      const order = orderOf(state, data.orderExternalId);
      const { requestId: externalId, amountMinor, reason, lines } = data;
      const refund = { externalId, amountMinor, reason, lines, paymentExternalId: null, state: 'settled' as const };
      return { ...order, refunds: [...order.refunds, { ...refund, at: at.toISOString() }] };
    }
  }
}

function orderOf(state: StoreState, externalId: string): ChannelOrder {
  const order = state.orders.get(externalId);
  if (order === undefined) throw new Error(`the store has no order ${externalId}`);
  return order;
}

export function allCancelled(order: ChannelOrder): ChannelOrder['lines'] {
  return order.lines.map((line) => ({ ...line, cancelledQuantity: line.quantity - line.fulfilledQuantity }));
}

function withUnits(
  order: ChannelOrder,
  wanted: readonly { lineExternalId: string; quantity: number }[],
  change: (line: ChannelOrder['lines'][number], quantity: number) => Partial<ChannelOrder['lines'][number]>,
): ChannelOrder['lines'] {
  return order.lines.map((line) => {
    const named = wanted.find(({ lineExternalId }) => lineExternalId === line.externalId);
    return named === undefined ? line : { ...line, ...change(line, named.quantity) };
  });
}
