import { sql } from 'drizzle-orm';
import { newId, type OrderId, type ShopId } from '../kernel/index.ts';
import { addTimeline, markPartsReturned } from '../orders/index.ts';
import { columnNames, onBehalf, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import type { LineUnits } from './events.ts';
import type { ReturnId, ReturnSource } from './return-states.ts';

export type NewReturn = {
  readonly returnId: ReturnId;
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly source: ReturnSource;
  readonly reason: string;
  /** Each order line once, at least one unit. */
  readonly lines: readonly LineUnits[];
  /** Units that the channel names with it and that cannot come back to us by it. */
  readonly leftOut?: readonly LineUnits[];
};

const returnColumns = {
  id: 'uuid',
  orderId: 'uuid',
  shopId: 'uuid',
  source: 'text',
  reason: 'text',
} as const satisfies ColumnTypes;

const lineColumns = {
  id: 'uuid',
  returnId: 'uuid',
  orderLineId: 'uuid',
  quantity: 'int4',
} as const satisfies ColumnTypes;

/** Writes returns whose units were checked under the locks of their orders; answers with the numbers people see. */
export async function insertReturns(ctx: Ctx, made: readonly NewReturn[]): Promise<ReadonlyMap<ReturnId, number>> {
  if (made.length === 0) return new Map();
  const inserted = await rows<{ id: ReturnId; number: number }>(
    ctx.tx,
    sql`insert into returns (${columnNames(returnColumns)}, created_at, updated_at)
        select ${columnNames(returnColumns)}, ${ctx.now}, ${ctx.now}
        from ${unnest(
          returnColumns,
          made.map(({ returnId, ...rest }) => ({ ...rest, id: returnId })),
        )}
        returning id, number`,
  );
  const lines = made.flatMap(({ returnId, lines: own }) =>
    own.map((line) => ({ ...line, id: newId<'return_line'>(ctx.now.getTime()), returnId })),
  );
  await rows(
    ctx.tx,
    sql`insert into return_lines (${columnNames(lineColumns)}) select ${columnNames(lineColumns)} from ${unnest(lineColumns, lines)}`,
  );
  const inner = onBehalf(ctx, 'open_return');
  await markPartsReturned(inner, lines);
  const numbers = new Map(inserted.map(({ id, number }) => [id, number]));
  await addTimeline(
    inner,
    made.map(({ returnId, orderId, source, lines: own, leftOut = [] }) => ({
      orderId,
      kind: 'return_opened',
      data: {
        returnId,
        return: numbers.get(returnId),
        source,
        lines: own,
        ...(leftOut.length === 0 ? {} : { leftOut }),
      },
    })),
  );
  return numbers;
}
