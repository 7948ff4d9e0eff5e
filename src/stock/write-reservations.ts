import { sql } from 'drizzle-orm';
import { columnNames, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import type { OpenReservation } from './locks.ts';

const columns = {
  id: 'uuid',
  skuId: 'uuid',
  warehouseId: 'uuid',
  partId: 'uuid',
  shipmentLineId: 'uuid',
  quantity: 'int4',
  expiresAfter: 'date',
} as const satisfies ColumnTypes;

const grow = sql`quantity = reservations.quantity + excluded.quantity,
          expires_after = greatest(reservations.expires_after, excluded.expires_after)`;
const replace = sql`quantity = excluded.quantity, expires_after = excluded.expires_after`;

/** Opens reservations, one a shipment line. An open one that the line has already grows by them or is replaced. */
export async function writeReservations(
  ctx: Ctx,
  reservations: readonly OpenReservation[],
  known: 'grows' | 'is_replaced',
): Promise<void> {
  await rows(
    ctx.tx,
    sql`insert into reservations (${columnNames(columns)}, created_at)
        select ${columnNames(columns)}, ${ctx.now} from ${unnest(columns, reservations)}
        order by shipment_line_id
        on conflict (shipment_line_id) where state = 'open'
        do update set ${known === 'grows' ? grow : replace}`,
  );
}
