import type { CurrentLine, CurrentOrder, FieldChange, LineRow, OrderRow, TimelineEntry } from '../../orders/index.ts';
import type { LinePlan } from './plan-lines.ts';

const ignoredFields: ReadonlySet<keyof OrderRow> = new Set([
  'id',
  'shopId',
  'externalId',
  'documentHash',
  'sourceVersion',
  'readStartedAt',
  'inboxEventId',
  'version',
  'createdAt',
  'updatedAt',
  'updatedAtSource',
  'buyerNote',
]);

const lineFields = [
  'quantity',
  'cancelledQuantity',
  'channelFulfilledQuantity',
  'amountMinor',
  'title',
  'fulfilledBy',
  'listingExternalId',
] as const satisfies readonly (keyof LineRow)[];

/** What a document changes of the order that stands, for the version row: money, facts, lines. Nothing personal. */
export function fieldChanges(current: CurrentOrder, row: OrderRow, lines: readonly LinePlan[]): FieldChange[] {
  const names = (Object.keys(row) as (keyof OrderRow)[]).filter((name) => !ignoredFields.has(name));
  const ofOrder = names.flatMap((name) => changeOf(name, current.row[name], row[name]));
  const note = current.row.buyerNote === row.buyerNote ? [] : [{ field: 'buyerNote', old: null, new: null }];
  return [...ofOrder, ...note, ...lines.flatMap((line) => lineChanges(line.current, line.row))];
}

function lineChanges(current: CurrentLine | null, row: LineRow): FieldChange[] {
  const path = `lines.${row.externalId}`;
  if (current === null)
    return [{ field: path, old: null, new: { quantity: row.quantity, amountMinor: row.amountMinor } }];
  return lineFields.flatMap((name) => changeOf(`${path}.${name}`, current[name], row[name]));
}

function changeOf(field: string, old: unknown, fresh: unknown): FieldChange[] {
  const [before, after] = [plain(old), plain(fresh)];
  return before === after ? [] : [{ field, old: before, new: after }];
}

function plain(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

/** Changes that have an entry of their own, so that `edited` tells of real edits only. */
const ownEntries =
  /^(paymentState|paidAt|buyerPaidMinor|refundedMinor|cancelledAt|cancelReason|isClosedOnChannel|supersededBy)$|\.(cancelledQuantity|channelFulfilledQuantity)$/;

/** The same, for people. */
export function timelineOf(
  current: CurrentOrder | null,
  row: OrderRow,
  lines: readonly LinePlan[],
  changes: readonly FieldChange[],
): TimelineEntry[] {
  const entry = (kind: string, data: Readonly<Record<string, unknown>>): TimelineEntry => ({
    orderId: row.id,
    kind,
    data,
  });
  const before = current?.row ?? null;
  const entries: TimelineEntry[] = [];
  const edits = changes.filter((change) => !ownEntries.test(change.field));
  if (before === null) entries.push(entry('taken_in', takenIn(row, lines)));
  else if (edits.length > 0) entries.push(entry('edited', { changes: edits }));
  entries.push(...paymentEntries(before, row, entry), ...cancelEntries(before, row, lines, entry));
  const shown = sumOf(lines, (line) => line.channelFulfilledQuantity);
  if (shown.new > shown.old) entries.push(entry('shipped_on_channel', shown));
  if (row.supersededBy !== null && before?.supersededBy !== row.supersededBy)
    entries.push(entry('superseded', { by: row.supersededBy }));
  return entries;
}

function takenIn(row: OrderRow, lines: readonly LinePlan[]): Readonly<Record<string, unknown>> {
  const units = lines.flatMap((line) => line.newParts).reduce((sum, part) => sum + part.ordered, 0);
  return { lines: lines.length, units, totalMinor: row.totalMinor, currency: row.currency };
}

type MakeEntry = (kind: string, data: Readonly<Record<string, unknown>>) => TimelineEntry;

function paymentEntries(before: OrderRow | null, row: OrderRow, entry: MakeEntry): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const was = before?.paymentState ?? 'unpaid';
  if (was !== row.paymentState) {
    entries.push(
      row.paymentState === 'paid'
        ? entry('paid', { paidMinor: row.buyerPaidMinor })
        : entry('payment_changed', { old: was, new: row.paymentState }),
    );
  }
  const refunded = before?.refundedMinor ?? 0;
  if (refunded !== row.refundedMinor) entries.push(entry('refunded', { old: refunded, new: row.refundedMinor }));
  return entries;
}

function cancelEntries(
  before: OrderRow | null,
  row: OrderRow,
  lines: readonly LinePlan[],
  entry: MakeEntry,
): TimelineEntry[] {
  const wasCancelled = (before?.cancelledAt ?? null) !== null;
  if (row.cancelledAt !== null && !wasCancelled) return [entry('cancelled', { reason: row.cancelReason })];
  if (row.cancelledAt === null && wasCancelled) return [entry('reopened', {})];
  const cancelled = sumOf(lines, (line) => line.cancelledQuantity);
  return cancelled.old === cancelled.new ? [] : [entry('lines_cancelled', cancelled)];
}

function sumOf(lines: readonly LinePlan[], unitsOf: (line: LineRow) => number): { old: number; new: number } {
  return {
    old: lines.reduce((sum, line) => sum + (line.current === null ? 0 : unitsOf(line.current)), 0),
    new: lines.reduce((sum, line) => sum + unitsOf(line.row), 0),
  };
}
