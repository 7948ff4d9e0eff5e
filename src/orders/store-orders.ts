import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { compareBytes, type OrderId, type OrderLineId, type ShopId } from '../kernel/index.ts';
import { assignments, list, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import { insertRows } from './insert-rows.ts';
import {
  lineColumns,
  orderColumns,
  partColumns,
  receiverColumns,
  type LineRow,
  type OrderRow,
  type PartRow,
  type ReceiverRow,
} from './rows.ts';
import { replaceSets, type SetReplacement } from './replace-sets.ts';
import type { SetHashes } from './set-rows.ts';

export type WaitingLine = {
  readonly orderLineId: OrderLineId;
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly listingExternalId: string | null;
  readonly skuCode: string | null;
};

const waitingColumns = {
  orderLineId: 'uuid',
  orderId: 'uuid',
  shopId: 'uuid',
  listingExternalId: 'text',
  skuCode: 'text',
} as const satisfies ColumnTypes;

/** What one applied document changed: `fields` for people, without personal data; `sets` for the next comparison. */
export type VersionChanges = {
  readonly fields: readonly FieldChange[];
  readonly sets: SetHashes;
};

export type FieldChange = { readonly field: string; readonly old: unknown; readonly new: unknown };

export type VersionRow = {
  readonly orderId: OrderId;
  readonly version: number;
  readonly documentHash: Uint8Array;
  readonly inboxEventId: string | null;
  readonly appliedAt: Date;
  readonly changes: VersionChanges;
};

const versionColumns = {
  orderId: 'uuid',
  version: 'int4',
  documentHash: 'bytea',
  inboxEventId: 'uuid',
  appliedAt: 'timestamptz',
  changes: 'jsonb',
} as const satisfies ColumnTypes;

export type OrderWrites = {
  readonly changed: readonly OrderRow[];
  readonly lines: readonly LineRow[];
  readonly newParts: readonly PartRow[];
  readonly waiting: readonly WaitingLine[];
  readonly noLongerWaiting: readonly OrderLineId[];
  readonly sets: SetReplacement;
  readonly receivers: readonly ReceiverRow[];
  readonly versions: readonly VersionRow[];
};

/** Inserts orders; one that another transaction was first to insert is left out of the answer. */
export async function insertOrders(ctx: Ctx, orders: readonly OrderRow[]): Promise<Set<OrderId>> {
  authorise(ctx, 'orders:write');
  const sorted = orders.toSorted((a, b) => compareBytes(a.externalId, b.externalId));
  const inserted = await insertRows<{ id: OrderId }, typeof orderColumns>(
    ctx,
    'orders',
    orderColumns,
    sorted,
    sql`on conflict (shop_id, external_id) do nothing returning id`,
  );
  return new Set(inserted.map((row) => row.id));
}

/** Writes what documents changed, in a constant number of statements. The caller holds the orders' locks. */
export async function storeOrders(ctx: Ctx, writes: OrderWrites): Promise<void> {
  authorise(ctx, 'orders:write');
  if (writes.changed.length > 0) {
    await rows(
      ctx.tx,
      sql`update orders o set ${assignments(orderColumns, ['id', 'shopId', 'externalId', 'createdAt'])}
          from ${unnest(orderColumns, writes.changed)} where o.id = t.id`,
    );
  }
  const lineUpdates = assignments(lineColumns, ['id', 'orderId', 'externalId'], 'excluded');
  await insertRows(
    ctx,
    'order_lines',
    lineColumns,
    writes.lines,
    sql`on conflict (order_id, external_id) do update set ${lineUpdates}`,
  );
  await insertRows(ctx, 'order_line_parts', partColumns, writes.newParts);
  await insertRows(ctx, 'unmapped_lines', waitingColumns, writes.waiting, sql`on conflict (order_line_id) do nothing`);
  if (writes.noLongerWaiting.length > 0) await forgetWaitingLines(ctx, writes.noLongerWaiting);
  await replaceSets(ctx, writes.sets);
  const receiverUpdates = assignments(receiverColumns, ['orderId'], 'excluded');
  await insertRows(
    ctx,
    'order_receivers',
    receiverColumns,
    writes.receivers,
    sql`on conflict (order_id) do update set ${receiverUpdates} where order_receivers.erased_at is null`,
  );
  await insertRows(ctx, 'order_versions', versionColumns, writes.versions);
}

export async function forgetWaitingLines(ctx: Ctx, lineIds: readonly OrderLineId[]): Promise<void> {
  await rows(ctx.tx, sql`delete from unmapped_lines where order_line_id = any(${list('uuid', lineIds)})`);
}

export async function insertParts(ctx: Ctx, parts: readonly PartRow[]): Promise<void> {
  await insertRows(ctx, 'order_line_parts', partColumns, parts);
}
