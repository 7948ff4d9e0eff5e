import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField, newId, type WarehouseId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { firstRow, type Ctx } from '../platform/db/index.ts';

export type NewWarehouse = {
  readonly code: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  /** IANA name; cut-off and expiry are days of this zone. */
  readonly timeZone: string;
  /** `in_transit` holds what is between two warehouses and serves no shop. */
  readonly kind?: 'physical' | 'in_transit';
};

/** Throws Fault conflict `warehouse.code_taken`. */
export async function createWarehouse(ctx: Ctx, input: NewWarehouse): Promise<{ warehouseId: WarehouseId }> {
  authorise(ctx, 'stock:write');
  checkTimeZone(input.timeZone);
  if (!/^[A-Z]{2}$/.test(input.countryCode)) {
    throw invalidField('countryCode', 'country.malformed', 'must be two capital letters');
  }
  const warehouseId = newId<'warehouse'>();
  const made = await firstRow(
    ctx.tx,
    sql`insert into warehouses (id, code, name, kind, country_code, time_zone, created_at, updated_at)
        values (${warehouseId}, ${input.code}, ${input.name}, ${input.kind ?? 'physical'}, ${input.countryCode},
          ${input.timeZone}, ${ctx.now}, ${ctx.now})
        on conflict (code) do nothing
        returning id`,
  );
  if (made === null) throw new Fault('conflict', 'warehouse.code_taken', { data: { code: input.code } });
  await writeAudit(ctx, {
    action: 'warehouse.created',
    subjectKind: 'warehouse',
    subjectId: warehouseId,
    data: { code: input.code, countryCode: input.countryCode, timeZone: input.timeZone },
  });
  return { warehouseId };
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw invalidField('timeZone', 'time_zone.unknown', 'is not an IANA time zone');
  }
}
