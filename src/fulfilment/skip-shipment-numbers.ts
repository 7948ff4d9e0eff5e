import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';

/** After a return to an earlier time: as for orders, so that no number stands on two parcels (`skipOrderNumbers`). */
export async function skipShipmentNumbers(ctx: Ctx): Promise<void> {
  authorise(ctx, 'shipments:write');
  await rows(
    ctx.tx,
    sql`select setval('shipments_number_seq', (last_value + greatest(1000, last_value / 10) + 999) / 1000 * 1000) from shipments_number_seq`,
  );
}
