import {
  toldOrder,
  type CancelCommand,
  type ChannelOrder,
  type PushedOrdersCapability,
  type RawDocument,
  type RefundCommand,
} from '../../src/connector-kit/index.ts';
import { createHash } from 'node:crypto';
import { send, type CustomIo } from './client.ts';
import type { CustomSettings } from './settings.ts';

/** The document is the order itself, in our words and in JSON. Throws ZodError, which names the fields. */
function toChannelOrder(body: string): ChannelOrder {
  return toldOrder.parse(JSON.parse(body));
}

export function fromChannelOrder(order: ChannelOrder): RawDocument {
  return { externalId: order.externalId, body: JSON.stringify(order), version: order.version };
}

/** A wish: the store answers by sending the order again, cancelled or not. */
function cancelOrder(io: CustomIo, command: CancelCommand): Promise<void> {
  const { orderExternalId, lines, reason, requestId } = command;
  const asked =
    requestId ??
    createHash('sha256')
      .update(JSON.stringify([orderExternalId, lines]))
      .digest('base64url');
  return send(io, `cancel_${asked}`, 'order.cancel_requested', { orderExternalId, lines, reason });
}

/** The store pays back and sends the order with a refund whose `externalId` is our request's id. */
async function refundOrder(io: CustomIo, command: RefundCommand): Promise<{ externalId: string }> {
  await send(io, `refund_${command.requestId}`, 'order.refund_requested', command);
  return { externalId: command.requestId };
}

export const orders: PushedOrdersCapability<CustomSettings> = {
  rereadOpen: false,
  toChannelOrder,
  fromChannelOrder,
  cancelOrder,
  refundOrder,
};
