import { unknownError } from './errors.ts';

const limitDefault = 15;

type Row = {
  readonly id: string;
  readonly at: string;
  readonly createdAt: string;
  readonly salesChannelId: string | null;
};

/** Medusa's list: filters it does not know are ignored, a bad date or a negative offset is a 500. One column sorts. */
export function listRows<Listed extends Row>(
  rows: readonly Listed[],
  query: URLSearchParams,
): { rows: Listed[]; count: number } {
  const ids = query.getAll('id[]');
  const channels = query.getAll('sales_channel_id[]');
  const since = timeOf(query.get('updated_at[$gte]'));
  const created = timeOf(query.get('created_at[$gte]'));
  const [limit, offset] = [numberOf(query.get('limit'), limitDefault), numberOf(query.get('offset'), 0)];
  const found = rows.filter(
    (row) =>
      (ids.length === 0 || ids.includes(row.id)) &&
      (channels.length === 0 || row.salesChannelId === null || channels.includes(row.salesChannelId)) &&
      Date.parse(row.at) >= since &&
      Date.parse(row.createdAt) >= created,
  );
  const order = query.get('order') ?? 'created_at';
  if (!['created_at', 'updated_at'].includes(order)) throw unknownError();
  const column = order === 'updated_at' ? 'at' : 'createdAt';
  // Rows of one time come in no order of their own: here the last first.
  const sorted = found.toReversed().toSorted((a, b) => Date.parse(a[column]) - Date.parse(b[column]));
  return { rows: sorted.slice(offset, offset + limit), count: found.length };
}

function timeOf(text: string | null): number {
  if (text === null) return Number.NEGATIVE_INFINITY;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw unknownError();
  return time;
}

function numberOf(text: string | null, otherwise: number): number {
  if (text === null) return otherwise;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw unknownError();
  return number;
}
