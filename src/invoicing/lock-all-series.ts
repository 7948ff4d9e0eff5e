import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';
import type { SeriesId } from './ids.ts';

export const seriesLockedKind = 'invoice_series.locked';

/**
 * After a restore: numbers may have been given that this database does not know of. No series gives another until a person
 * enters its last one (`confirmLastNumber`). One that is locked already stays so, since when it was. Answers with how many
 * it locked.
 */
export async function lockAllSeries(ctx: Ctx, because = 'restored'): Promise<number> {
  authorise(ctx, 'invoices:write');
  await rows(ctx.tx, sql`select id from invoice_series order by id for update`);
  const locked = await rows<{ seriesId: SeriesId; code: string; lastSerial: number; period: number }>(
    ctx.tx,
    sql`update invoice_series set state = 'locked', locked_at = ${ctx.now}, locked_because = ${because}, updated_at = ${ctx.now}
        where state = 'open'
        returning id as "seriesId", code, last_serial as "lastSerial", period`,
  );
  await openExceptions(
    ctx,
    locked.map(({ seriesId, code, ...known }) => ({
      kind: seriesLockedKind,
      subjectKind: 'invoice_series',
      subjectId: seriesId,
      shopId: null,
      cause: { code: seriesLockedKind, because, ...known },
      nextStep: `Find the last number issued in ${code}, also outside this database: wharf invoice confirm-series ${code} --last <number>.`,
    })),
  );
  return locked.length;
}
