import type { ChannelOrder, ChannelOrderLine } from '../../../src/connector-kit/index.ts';
import { soldLine, soldOrder } from './channel-order.ts';

/** An order of the first shop as it reads in a story: `[listing, title, quantity, unit price in cents]`. */
export function storyOrder(
  externalId: string,
  lines: readonly (readonly [listing: string, title: string, quantity: number, unitMinor: number])[],
  facts: Partial<ChannelOrder> = {},
): ChannelOrder {
  return soldOrder(externalId, {
    number: externalId,
    placedAt: '2026-11-20T09:00:00+01:00',
    paidAt: '2026-11-20T09:00:00+01:00',
    lines: lines.map(([listingExternalId, title, quantity, unitMinor], index): ChannelOrderLine =>
      soldLine(`${externalId}-${index + 1}`, { listingExternalId, title, quantity, amountMinor: unitMinor * quantity }),
    ),
    ...facts,
  });
}
