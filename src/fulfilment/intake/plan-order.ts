import type { OrderId, ShopId } from '../../kernel/index.ts';
import {
  planReceiver,
  type CurrentOrder,
  type HoldKind,
  type OrderDocument,
  type OrderRow,
  type ReceiverPlan,
  type TimelineEntry,
  type Tombstone,
  type VersionRow,
} from '../../orders/index.ts';
import type { Keyring } from '../../platform/crypto/index.ts';
import { fieldChanges, timelineOf } from './order-changes.ts';
import { wantedHolds } from './order-holds.ts';
import { planLines, type LinePlan, type Mapping } from './plan-lines.ts';
import { planRow } from './plan-row.ts';
import { planSets, type SetPlan } from './plan-sets.ts';
import { instantOf } from './source-time.ts';
import type { Cover } from './splits.ts';

/** All that one document changes of one order. */
export type OrderPlan = {
  readonly document: OrderDocument;
  readonly current: CurrentOrder | null;
  readonly row: OrderRow;
  readonly lines: readonly LinePlan[];
  readonly sets: SetPlan;
  readonly receiver: ReceiverPlan;
  readonly holds: ReadonlySet<HoldKind>;
  readonly version: VersionRow;
  readonly timeline: readonly TimelineEntry[];
};

export type PlanInput = {
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly document: OrderDocument;
  readonly current: CurrentOrder | null;
  readonly mapping: Mapping;
  readonly tombstone: Tombstone | null;
  readonly supersededBy: OrderId | null;
  /** What the parts of the order take over; null where it has none. */
  readonly cover: Cover | null;
  readonly keyring: Keyring;
  readonly now: Date;
};

/** Pure but for the keys it makes. Throws Fault invalid for numbers that no order can have. */
export function planOrder(input: PlanInput): OrderPlan {
  const { orderId, shopId, document, current, mapping, keyring, now } = input;
  const { order } = document;
  const cancelled = cancelOf(input);
  const row = planRow({ cancelled, ...input });
  const lines = planLines({
    orderId,
    order,
    current: current?.lines ?? [],
    mapping,
    isCancelled: cancelled !== null,
    cover: input.cover,
  });
  const lineIds = new Map(lines.map((line) => [line.row.externalId, line.row.id]));
  const sets = planSets({ orderId, order, lineIds, stored: current?.sets ?? null, seenAt: document.readStartedAt });
  const receiver = planReceiver(keyring, { orderId, shopId, told: order.receiver, current: current?.receiver ?? null });
  const isOurs = lines.some((line) => line.row.fulfilledBy === 'seller');
  const changes = current === null ? [] : fieldChanges(current, row, lines);
  const moved: TimelineEntry[] = receiver.hasMoved ? [{ orderId, kind: 'address_changed', data: {} }] : [];
  return {
    document,
    current,
    row,
    lines,
    sets,
    receiver,
    holds: wantedHolds(order, {
      isAddressed: receiver.isComplete || !isOurs,
      waitsForMapping: lines.some((line) => line.waits),
    }),
    version: {
      orderId,
      version: row.version,
      documentHash: row.documentHash,
      // A message is applied once (invariant 3): what its second translation changed is no second application of it.
      inboxEventId: document.isReplay === true ? null : row.inboxEventId,
      appliedAt: now,
      changes: {
        fields: receiver.hasMoved ? [...changes, { field: 'receiver', old: null, new: null }] : changes,
        sets: sets.hashes,
      },
    },
    timeline: [...timelineOf(current, row, lines, changes), ...moved],
  };
}

/** Whether the order stands as the plan would leave it: then nothing is written, and no version is counted. */
export function saysTheSame({ current, version, sets, lines }: OrderPlan): boolean {
  return (
    current !== null &&
    version.changes.fields.length === 0 &&
    sets.changed.size === 0 &&
    lines.every((line) => line.newParts.length === 0)
  );
}

/** A cancel notice that came before the order counts for documents that were read before the notice. */
function cancelOf({ document, tombstone }: PlanInput): { at: Date; reason: string | null } | null {
  const { order } = document;
  if (order.cancelledAt !== null) return { at: instantOf(order.cancelledAt), reason: order.cancelReason };
  if (tombstone === null || document.readStartedAt > tombstone.createdAt) return null;
  return { at: tombstone.cancelledAt, reason: tombstone.reason };
}
