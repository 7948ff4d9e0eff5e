import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { firstRow, rows, type Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import { yearIn } from './day-in-zone.ts';
import type { SeriesId } from './ids.ts';
import { invoicingLane } from './lane-name.ts';
import { seriesLockedKind } from './lock-all-series.ts';
import { readSeller } from './seller.ts';
import { seriesColumns, type Series } from './series.ts';

export type LastNumber = {
  readonly seriesId: SeriesId;
  /** The serial of the last document issued anywhere: 123 of INV-2026-000123. */
  readonly lastNumber: number;
  /** Its year, where that is later than the last one known here. */
  readonly year?: number | undefined;
};

export type Confirmed = { readonly seriesId: SeriesId; readonly lostNumbers: number };

/**
 * A person says which number was issued last; the series goes on after it. Numbers above the last one known here were issued
 * and lost: they are recorded, and what happened before the lock is parked one by one, for it may be what they invoiced.
 * Faults: `invoice_series.unknown`, `invoice_series.not_locked`, `invoice_series.number_too_low`.
 */
export async function confirmLastNumber(ctx: Ctx, input: LastNumber): Promise<Confirmed> {
  authorise(ctx, 'invoices:write');
  const series = await lockSeries(ctx, input.seriesId);
  const period = input.year ?? (await knownPeriod(ctx, series, input.lastNumber));
  const isLaterYear = period > series.period;
  check(series, input.lastNumber, period);
  const firstLost = isLaterYear ? 1 : series.lastSerial + 1;
  const lostNumbers = input.lastNumber - firstLost + 1;
  if (lostNumbers > 0) {
    await rows(
      ctx.tx,
      sql`insert into invoice_lost_numbers (series_id, period, first_serial, last_serial, confirmed_by, confirmed_at)
          values (${series.seriesId}, ${period}, ${firstLost}, ${input.lastNumber}, ${`${ctx.actor.kind}:${ctx.actor.id}`}, ${ctx.now})`,
    );
  }
  await rows(
    ctx.tx,
    sql`update invoice_series set state = 'open', period = ${period}, last_serial = ${input.lastNumber}, updated_at = ${ctx.now},
               doubted_before = case when ${lostNumbers > 0} then locked_at else doubted_before end,
               locked_at = null, locked_because = null
        where id = ${series.seriesId}`,
  );
  await closeExceptions(ctx, [{ kind: seriesLockedKind, subjectKind: 'invoice_series', subjectId: series.seriesId }]);
  await writeAudit(ctx, {
    action: 'invoice_series.confirmed',
    subjectKind: 'invoice_series',
    subjectId: series.seriesId,
    data: { code: series.code, period, lastNumber: input.lastNumber, known: series.lastSerial, lostNumbers },
  });
  ctx.rings.add(invoicingLane);
  return { seriesId: series.seriesId, lostNumbers };
}

async function lockSeries(ctx: Ctx, seriesId: SeriesId): Promise<Series> {
  const series = await firstRow<Series>(
    ctx.tx,
    sql`select ${seriesColumns} from invoice_series s where s.id = ${seriesId} for update`,
  );
  if (series === null) throw new Fault('not_found', 'invoice_series.unknown');
  if (series.state === 'locked') return series;
  throw new Fault('conflict', 'invoice_series.not_locked', {
    message: `series ${series.code} is open; it goes on by itself`,
  });
}

/** A yearly series that has given no number here yet can only have given its last one this year. */
async function knownPeriod(ctx: Ctx, series: Series, lastNumber: number): Promise<number> {
  if (series.restarts === 'never' || series.period > 0 || lastNumber === 0) return series.period;
  return yearIn((await readSeller(ctx.tx))?.timeZone ?? 'UTC', ctx.now);
}

function check(series: Series, lastNumber: number, period: number): void {
  if (!Number.isSafeInteger(lastNumber) || lastNumber < 0) {
    throw invalidField('lastNumber', 'invoice_series.bad_number', 'must be a whole number');
  }
  if (period < series.period || (series.restarts === 'never' && period !== series.period) || period > 9_999) {
    throw invalidField('year', 'invoice_series.bad_year', `the last number known here is of ${series.period}`);
  }
  if (period === series.period && lastNumber < series.lastSerial) {
    throw new Fault('conflict', 'invoice_series.number_too_low', {
      message: `${series.lastSerial} was issued in ${series.code} already`,
      data: { lastSerial: series.lastSerial },
      fields: [{ path: 'lastNumber', code: 'invoice_series.number_too_low', message: 'is lower than one issued here' }],
    });
  }
}
