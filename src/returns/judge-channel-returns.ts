import { authorise } from '../identity/index.ts';
import { groupBy, type OrderId } from '../kernel/index.ts';
import { addTimeline, lockOrders } from '../orders/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import { insertReturns } from './insert-returns.ts';
import { readKnownRefunds, stands } from './known-refunds.ts';
import { judgeReports, type ReportJudgement } from './plan-reports.ts';
import { cancelledException, tellCancelled, tellChanged } from './report-exceptions.ts';
import type { ReturnId } from './return-states.ts';
import { readShippedOrders, type ShippedOrder } from './shipped-orders.ts';
import { isUntouched, readStandingReturns, type StandingReturn } from './standing-returns.ts';
import { findReported, readToldReturns, type FoundReport } from './told-returns.ts';
import { withdrawReturns } from './withdraw-return.ts';
import { writeReports } from './write-reports.ts';

/**
 * Judges each return that the channel reports of these orders once: it joins a return of the same units, or opens one for
 * what left from here, which waits for decisions. One cancelled on the channel withdraws the return that came of it while
 * nothing is decided or paid back, and is an exception of it otherwise; other units than before are one, too. One statement
 * where there is nothing to judge, a constant number otherwise.
 */
export async function judgeChannelReturns(ctx: Ctx, orderIds: readonly OrderId[]): Promise<void> {
  authorise(ctx, 'orders:write');
  const touched = await findReported(ctx.tx, orderIds);
  if (touched.length === 0) return;
  const locked = await lockOrders(ctx, touched);
  const told = await readToldReturns(ctx.tx, locked);
  const before = await readStandingReturns(ctx.tx, locked);
  const withdrawn = await settleCancelled(ctx, locked, told, before);
  const returns = before.filter((each) => !withdrawn.has(each.returnId));
  const standing = new Map(returns.map((each) => [each.returnId, each]));
  await settleKnown(ctx, told, standing);
  const isFresh = (report: FoundReport): boolean => {
    const { judged } = report;
    if (judged === null) return true;
    return judged.state === 'cancelled' && report.state !== 'cancelled' && standingOf(report, standing) === null;
  };
  const orders = await readShippedOrders(ctx.tx, locked);
  const byOrder = groupBy(told, (report) => report.orderId);
  const judged = [...orders.values()].flatMap((order) => {
    const own = byOrder.get(order.orderId) ?? [];
    const reports = own.flatMap((each) =>
      each.judged === null || each.state === 'cancelled' || isFresh(each)
        ? []
        : [{ returnId: each.judged.returnId, lines: each.lines }],
    );
    const input = {
      order,
      told: own.filter(isFresh),
      reports,
      returns: returns.filter((each) => each.orderId === order.orderId),
    };
    return judgeReports(input).map((judgement) => ({ order, judgement }));
  });
  await store(ctx, judged);
}

/** Ends what the buyer no longer sends back. Answers with the returns that are gone. */
async function settleCancelled(
  ctx: Ctx,
  orderIds: readonly OrderId[],
  told: readonly FoundReport[],
  before: readonly StandingReturn[],
): Promise<ReadonlySet<ReturnId>> {
  const cancelled = new Set(
    told.flatMap(({ state, judged }) =>
      state === 'cancelled' && judged !== null && judged.state !== 'cancelled' ? [judged.returnId] : [],
    ),
  );
  if (cancelled.size === 0) return new Set();
  const live = new Set(told.flatMap(({ state, judged }) => (state === 'cancelled' ? [] : [judged?.returnId])));
  const paid = new Set((await readKnownRefunds(ctx.tx, orderIds)).filter(stands).map(({ returnId }) => returnId));
  const concerned = before.filter(({ returnId }) => cancelled.has(returnId) && !live.has(returnId));
  const ends = (each: StandingReturn): boolean =>
    each.source !== 'person' && isUntouched(each) && !paid.has(each.returnId);
  const gone = concerned.filter(ends);
  await withdrawReturns(ctx, gone, 'cancelled_on_channel');
  await tellCancelled(
    ctx,
    concerned.filter((each) => each.state === 'open' && !ends(each)),
  );
  return new Set(gone.map(({ returnId }) => returnId));
}

/** Writes the newest of what was judged before, and says where the channel changed its mind. */
async function settleKnown(
  ctx: Ctx,
  told: readonly FoundReport[],
  standing: ReadonlyMap<ReturnId, StandingReturn>,
): Promise<void> {
  const known = told.flatMap(({ judged, hasNewLines, ...report }) =>
    judged !== null && (judged.state !== report.state || hasNewLines)
      ? [{ ...report, hasNewLines, returnId: judged.returnId, was: judged.state }]
      : [],
  );
  await writeReports(ctx, known);
  const open = (returnId: ReturnId | null): StandingReturn[] => {
    const found = returnId === null ? undefined : standing.get(returnId);
    return found?.state === 'open' ? [found] : [];
  };
  const changed = known.filter(({ hasNewLines, state }) => hasNewLines && state !== 'cancelled');
  await tellChanged(
    ctx,
    changed.flatMap(({ returnId }) => open(returnId)),
  );
  const again = known.filter(({ was, state }) => was === 'cancelled' && state !== 'cancelled');
  await closeExceptions(
    ctx,
    again.flatMap(({ returnId }) => (returnId === null ? [] : [cancelledException(returnId)])),
  );
}

function standingOf({ judged }: FoundReport, standing: ReadonlyMap<ReturnId, StandingReturn>): StandingReturn | null {
  const returnId = judged?.returnId ?? null;
  return returnId === null ? null : (standing.get(returnId) ?? null);
}

async function store(
  ctx: Ctx,
  judged: readonly { readonly order: ShippedOrder; readonly judgement: ReportJudgement }[],
): Promise<void> {
  await insertReturns(
    ctx,
    judged.flatMap(({ order: { orderId, shopId }, judgement: { returnId, opens, leftOut, told } }) => {
      if (returnId === null || opens.length === 0) return [];
      const reason = told.reason ?? '';
      return [{ returnId, orderId, shopId, source: 'channel_return' as const, reason, lines: opens, leftOut }];
    }),
  );
  await writeReports(
    ctx,
    judged.map(({ order: { orderId }, judgement: { told, returnId } }) => ({ ...told, orderId, returnId })),
  );
  await addTimeline(
    onBehalf(ctx, 'judge_return'),
    judged.flatMap(({ order: { orderId }, judgement: { told, returnId, leftOut } }) =>
      returnId === null && told.state !== 'cancelled'
        ? [{ orderId, kind: 'return_not_ours', data: { externalId: told.externalId, lines: leftOut } }]
        : [],
    ),
  );
}
