import {
  ChannelFault,
  type AnnounceCommand,
  type AnyConnector,
  type CancelCommand,
  type RefundCommand,
} from '../../../src/connector-kit/index.ts';
import { z } from 'zod';
import { create, write, type SandboxIo } from '../client.ts';
import { plainDialect } from '../dialect.ts';
import { sandbox } from '../index.ts';
import { readOrder } from '../read-order.ts';

type Shipments = NonNullable<AnyConnector['shipments']>;
type Orders = Partial<AnyConnector['orders']>;

function announce(io: SandboxIo, command: AnnounceCommand): Promise<{ externalId: string }> {
  return create(io, `/orders/${command.orderExternalId}/fulfilments`, {
    reference: command.packageReference,
    tracking_number: command.trackingNumber,
    carrier: command.carrier,
    shipped_at: command.shippedAt.toISOString(),
    lines: command.lines.map(({ lineExternalId, quantity }) => ({ line_id: lineExternalId, quantity })),
  });
}

export const announcesWithoutReading: Shipments = { announceShipment: announce };

/** Tries again by itself, without reading, when an answer is lost. */
export const retriesBlindly: Shipments = {
  announceShipment: (io, command) => announce(io, command).catch(() => announce(io, command)),
};

/** Takes any package of the same lines for the one it should show. */
export const knowsParcelsByLines: Shipments = {
  async announceShipment(io, command) {
    const { fulfilments } = await readOrder(io, plainDialect, command.orderExternalId);
    const wanted = command.lines.map(({ lineExternalId, quantity }) => `${lineExternalId}:${quantity}`).join();
    const same = fulfilments.find(
      ({ lines }) => lines.map((line) => `${line.line_id}:${line.quantity}`).join() === wanted,
    );
    return same === undefined ? announce(io, command) : { externalId: same.id };
  },
};

/** Calls a lost answer an outage, which invites a blind retry. */
export const callsItAnOutage: Shipments = {
  announceShipment: (io, command) =>
    sandbox.shipments.announceShipment(io, command).catch(() => {
      throw new ChannelFault({ kind: 'unavailable' });
    }),
};

export const refundsWithoutReading: Orders = {
  refundOrder: (io: SandboxIo, command: RefundCommand) =>
    create(io, `/orders/${command.orderExternalId}/refunds`, {
      amount: (command.amountMinor / 100).toFixed(2),
      currency: command.currency,
      request_id: command.requestId,
    }),
};

/** Takes the cumulative quantity for a difference. */
export const cancelsTheDifference: Orders = {
  async cancelOrder(io: SandboxIo, command: CancelCommand) {
    const lines = command.lines?.map(({ lineExternalId, quantity }) => ({ line_id: lineExternalId, quantity })) ?? null;
    await write(io, 'POST', `/orders/${command.orderExternalId}/cancel`, { lines }, z.looseObject({})).catch(
      (error) => {
        if (!(error instanceof ChannelFault) || error.kind !== 'rejected') throw error;
      },
    );
  },
};
