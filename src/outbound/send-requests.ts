import type { LaneStep, ShopDeps, ShopSession } from '../channels/index.ts';
import { recordShopFault, recordShopSuccess } from '../channels/index.ts';
import { ChannelFault, type ConnectorIo, type PushedOrdersCapability } from '../connector-kit/index.ts';
import { addTimeline, releaseHolds } from '../orders/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { noteTold } from './events.ts';
import { callOutcome, nextAttemptAt, type CallOutcome } from './call-outcome.ts';
import { openDeliveryLog } from './deliveries/index.ts';
import { finishWrite, giveBackWrites } from './outgoing-write.ts';
import { claimRequests, type ClaimedRequest } from './claim-requests.ts';
import { outcomeSettleMsDefault, systemActor } from './lane.ts';

/** Sends cancels and refunds, one call each. The connector reads before it writes, so a repeat is harmless. */
export const sendRequests: LaneStep = async (deps, session, lease, signal) => {
  const claimed = await deps.database.transact({ actor: systemActor }, async (ctx) => {
    await lease.guard(ctx);
    return claimRequests(ctx, session.shop.shopId);
  });
  let index = 0;
  for (const request of claimed) {
    const outcome = await sendOne(deps, session, lease, signal, request);
    index += 1;
    if (outcome?.isShopWide === true) break;
  }
  const left = claimed.slice(index);
  if (left.length > 0) {
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      await giveBackWrites(ctx, 'channel_requests', left);
    });
  }
  return { didWork: claimed.length > 0 };
};

async function sendOne(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  request: ClaimedRequest,
): Promise<CallOutcome | null> {
  let externalId: string | null = null;
  let outcome: CallOutcome | null = null;
  let fault: ChannelFault | null = null;
  const log = openDeliveryLog(session.io(signal, deps.clock.now()));
  try {
    await lease.stillHeld();
    externalId = await call(session.connector.orders, log.io, request);
  } catch (error) {
    if (signal.aborted) throw error;
    fault = error instanceof ChannelFault ? error : null;
    outcome = callOutcome(error, request.attempts, outcomeSettleMsDefault, session.connector.deliveries);
    deps.log.warn(
      { shopId: session.shop.shopId, channelRequestId: request.id, code: outcome.cause.code, error },
      'request to the channel failed',
    );
  }
  await deps.database.transact({ actor: systemActor }, async (ctx) => {
    await lease.guard(ctx);
    await finishWrite(
      ctx,
      'channel_requests',
      request,
      outcome === null ? { state: 'done', externalId, cause: null, afterMs: 0 } : { ...outcome, externalId: null },
    );
    if (outcome?.state === 'refused') await recordRefused(ctx, session, request, outcome);
    await log.write(ctx, {
      shopId: session.shop.shopId,
      subject: { kind: 'channel_request', ids: [request.id] },
      nextAt: nextAttemptAt(ctx.now, outcome),
    });
    const inner = onBehalf(ctx, 'send_request');
    if (outcome === null) await recordShopSuccess(inner, session.shop.shopId, 'call');
    else if (fault !== null) await recordShopFault(inner, session.shop.shopId, fault);
    if (outcome === null || outcome.state === 'refused') {
      noteTold(ctx, session, request.orderId);
    }
  });
  return outcome;
}

async function call(
  orders: PushedOrdersCapability<unknown, unknown>,
  io: ConnectorIo<unknown>,
  request: ClaimedRequest,
): Promise<string | null> {
  const { orderExternalId, reason, lines } = request;
  if (request.kind === 'cancel') {
    if (orders.cancelOrder === undefined) throw unsupported('cancel');
    await orders.cancelOrder(io, { orderExternalId, reason, lines, requestId: request.id });
    return null;
  }
  if (orders.refundOrder === undefined || request.amountMinor === null) throw unsupported('refund');
  const refund = await orders.refundOrder(io, {
    orderExternalId,
    reason,
    amountMinor: request.amountMinor,
    currency: request.currency,
    lines: lines ?? [],
    requestId: request.id,
  });
  return refund.externalId;
}

function unsupported(what: string): ChannelFault {
  return new ChannelFault({ kind: 'rejected', code: `cannot_${what}`, detail: `this channel offers no ${what}` });
}

async function recordRefused(
  ctx: Ctx,
  session: ShopSession,
  request: ClaimedRequest,
  outcome: CallOutcome,
): Promise<void> {
  await openExceptions(ctx, [
    {
      kind: `order.${request.kind}_refused`,
      subjectKind: 'channel_request',
      subjectId: request.id,
      shopId: session.shop.shopId,
      cause: { ...outcome.cause, orderId: request.orderId },
      nextStep: `Look at the order on the channel; ${request.kind} it there, or ask again.`,
    },
  ]);
  await addTimeline(ctx, [
    { orderId: request.orderId, kind: `${request.kind}_refused`, data: { requestId: request.id, ...outcome.cause } },
  ]);
  if (request.kind === 'cancel') {
    await releaseHolds(onBehalf(ctx, 'send_request'), [{ orderId: request.orderId, kind: 'cancel_asked' }]);
  }
}
