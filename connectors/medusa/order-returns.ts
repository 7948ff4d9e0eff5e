import type { ChannelReturn } from '../../src/connector-kit/index.ts';
import { fromReturnStatus } from './codes.ts';
import { byId } from './order-lines.ts';
import type { WireCountedItem, WireOrder } from './wire.ts';

/** Also those of exchanges and claims, for their goods come back alike. A draft has no items of its own yet. */
export function toReturns({ returns }: WireOrder): ChannelReturn[] {
  return (returns ?? []).toSorted(byId).flatMap((row): ChannelReturn[] => {
    const state = fromReturnStatus(row.status);
    if (state === 'draft') return [];
    const items = (row.items ?? []).toSorted((a, b) => (a.item_id < b.item_id ? -1 : 1));
    const words = new Set(items.flatMap(({ reason, note }) => [reason?.label, note]).filter((each) => each));
    return [
      {
        externalId: row.id,
        state,
        reason: words.size === 0 ? null : [...words].join('; '),
        at: row.requested_at ?? row.created_at,
        lines: items.map(({ item_id: lineExternalId, quantity }) => ({ lineExternalId, quantity })),
      },
    ];
  });
}

/** Whether units of the line were received back or written off: its amounts are then those of the rest. */
export function cameBack(item: Pick<WireCountedItem, 'detail'> | undefined): boolean {
  return (item?.detail?.return_received_quantity ?? 0) + (item?.detail?.return_dismissed_quantity ?? 0) > 0;
}
