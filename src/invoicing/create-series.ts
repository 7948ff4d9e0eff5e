import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField, newId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { yearIn } from './day-in-zone.ts';
import type { SeriesId } from './ids.ts';
import { readSeller } from './seller.ts';
import { checkSeriesFormat, type Restarts } from './series-format.ts';

export type NewSeries = {
  readonly code: string;
  readonly format: string;
  readonly restarts: Restarts;
  /** The first number: one above the last that an earlier system gave. */
  readonly startAt: number;
};

/** A series of its own; what numbers an invoice is said by the rule. Throws Fault `invoice_series.exists`. */
export async function createSeries(ctx: Ctx, input: NewSeries): Promise<{ seriesId: SeriesId }> {
  authorise(ctx, 'invoices:write');
  checkSeriesFormat(input.format, input.restarts);
  if (!/^[A-Za-z0-9_-]{1,20}$/.test(input.code)) {
    throw invalidField('code', 'invoice_series.code', 'has 1 to 20 letters, digits, _ and -');
  }
  if (!Number.isSafeInteger(input.startAt) || input.startAt < 1) {
    throw invalidField('startAt', 'invoice_series.start', 'must be 1 or more');
  }
  const timeZone = (await readSeller(ctx.tx))?.timeZone ?? 'UTC';
  const period = input.restarts === 'yearly' ? yearIn(timeZone, ctx.now) : 0;
  const seriesId = newId<'invoice_series'>(ctx.now.getTime());
  const made = await rows(
    ctx.tx,
    sql`insert into invoice_series (id, code, format, restarts, start_serial, start_period, period, last_serial, created_at, updated_at)
        values (${seriesId}, ${input.code}, ${input.format}, ${input.restarts}, ${input.startAt}, ${period}, ${period},
                ${input.startAt - 1}, ${ctx.now}, ${ctx.now})
        on conflict do nothing returning id`,
  );
  if (made.length === 0) {
    throw new Fault('conflict', 'invoice_series.exists', { message: 'a series has this code or this format already' });
  }
  await writeAudit(ctx, {
    action: 'invoice_series.created',
    subjectKind: 'invoice_series',
    subjectId: seriesId,
    data: { ...input },
  });
  return { seriesId };
}
