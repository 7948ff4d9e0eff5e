import type { LaneStep, ShopDeps, ShopSession } from '../channels/index.ts';
import { recordShopFault, recordShopSuccess } from '../channels/index.ts';
import { ChannelFault, type AnnounceCommand, type ShipmentsCapability } from '../connector-kit/index.ts';
import { recordChannelFulfilment } from '../orders/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { closeExceptions, openExceptions } from '../platform/exceptions/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { announcedLines, type AnnouncedLine } from './announced-lines.ts';
import { noteTold } from './events.ts';
import { callOutcome, nextAttemptAt, type CallOutcome } from './call-outcome.ts';
import { openDeliveryLog, type DeliveryLog } from './deliveries/index.ts';
import { claimAnnouncements, type ClaimedAnnouncement } from './claim-announcements.ts';
import { finishWrite, giveBackWrites, keepAnnounced } from './outgoing-write.ts';
import { outcomeSettleMsDefault, systemActor } from './lane.ts';
import { findShippedParts, type ShippedPartRow } from './queries.ts';

/**
 * Shows shipped packages on the channel, one call each. Every call reads the order first (the connector's duty), so one
 * that was cut off, timed out or repeated leaves one package there. What the channel refuses stays shipped, `refused`,
 * with an exception.
 */
export const announceShipments: LaneStep = async (deps, session, lease, signal) => {
  const { shipments } = session.connector;
  if (shipments === undefined) return { didWork: false };
  const claimed = await deps.database.transact({ actor: systemActor }, async (ctx) => {
    await lease.guard(ctx);
    return claimAnnouncements(ctx, session.shop.shopId);
  });
  if (claimed.length === 0) return { didWork: false };
  const parts = await deps.database.read((db) =>
    findShippedParts(
      db,
      claimed.map((each) => each.id),
    ),
  );
  let index = 0;
  for (const announcement of claimed) {
    const goesOn = await announceOne(deps, session, lease, signal, shipments, announcement, parts);
    index += 1;
    if (!goesOn) break;
  }
  const left = claimed.slice(index);
  if (left.length > 0) {
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      await giveBackWrites(ctx, 'announcements', left);
    });
  }
  return { didWork: true };
};

async function announceOne(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  shipments: ShipmentsCapability<unknown>,
  announcement: ClaimedAnnouncement,
  parts: readonly ShippedPartRow[],
): Promise<boolean> {
  const lines = announcement.lines ?? announcedLines(parts.filter((part) => part.announcementId === announcement.id));
  const command = toCommand(announcement, lines);
  let externalId: string | null = null;
  let outcome: CallOutcome | null = null;
  let fault: ChannelFault | null = null;
  const log = openDeliveryLog(session.io(signal, deps.clock.now()));
  if (lines.length > 0) {
    try {
      await lease.stillHeld();
      ({ externalId } = await shipments.announceShipment(log.io, command));
    } catch (error) {
      if (signal.aborted) throw error;
      fault = error instanceof ChannelFault ? error : null;
      outcome = callOutcome(error, announcement.attempts, outcomeSettleMsDefault, session.connector.deliveries);
      deps.log.warn(
        { shopId: session.shop.shopId, announcementId: announcement.id, code: outcome.cause.code, error },
        'announcement failed',
      );
    }
  }
  await deps.database.transact({ actor: systemActor }, async (ctx) => {
    await lease.guard(ctx);
    if (outcome === null) await recordAnnounced(ctx, session, announcement, lines, externalId);
    else await recordNotAnnounced(ctx, session, announcement, outcome);
    await writeLog(ctx, log, session, announcement, outcome);
    if (fault !== null) await recordShopFault(onBehalf(ctx, 'announce'), session.shop.shopId, fault);
  });
  return outcome === null || !outcome.isShopWide;
}

function toCommand(announcement: ClaimedAnnouncement, lines: readonly AnnouncedLine[]): AnnounceCommand {
  return {
    orderExternalId: announcement.orderExternalId,
    packageReference: packageReference(announcement),
    trackingNumber: announcement.trackingNumber ?? '',
    carrier: announcement.carrier ?? '',
    trackingUrl: announcement.trackingUrl,
    shippedAt: announcement.shippedAt,
    lines: lines.map(({ lineExternalId, quantity }) => ({ lineExternalId, quantity })),
  };
}

/**
 * The same for ever, so that a read-back finds it. Numbers given in a future that was lost may be given again: a parcel
 * planned after a restore carries its mark, so that it is not taken for one that was announced then.
 */
function packageReference({ shipmentNumber, orderNumber, epochMark }: ClaimedAnnouncement): string {
  return `WH-${shipmentNumber}-${orderNumber}${epochMark === null ? '' : `-${epochMark}`}`;
}

async function recordAnnounced(
  ctx: Ctx,
  session: ShopSession,
  announcement: ClaimedAnnouncement,
  lines: readonly AnnouncedLine[],
  externalId: string | null,
): Promise<void> {
  await finishWrite(ctx, 'announcements', announcement, { state: 'done', externalId, cause: null, afterMs: 0 });
  if (externalId === null) return;
  const isShownByAnswer = session.connector.orders.readOrders === undefined;
  await keepAnnounced(ctx, announcement.id, lines, isShownByAnswer);
  await recordChannelFulfilment(onBehalf(ctx, 'announce'), lines);
  await recordShopSuccess(onBehalf(ctx, 'announce'), session.shop.shopId, 'tracking');
  await closeExceptions(ctx, [
    { kind: 'shipment.announce_refused', subjectKind: 'announcement', subjectId: announcement.id },
  ]);
  noteTold(ctx, session, announcement.orderId);
}

async function recordNotAnnounced(
  ctx: Ctx,
  session: ShopSession,
  announcement: ClaimedAnnouncement,
  outcome: CallOutcome,
): Promise<void> {
  await finishWrite(ctx, 'announcements', announcement, { ...outcome, externalId: null });
  if (outcome.state !== 'refused') return;
  await openExceptions(ctx, [
    {
      kind: 'shipment.announce_refused',
      subjectKind: 'announcement',
      subjectId: announcement.id,
      shopId: session.shop.shopId,
      cause: { ...outcome.cause, orderId: announcement.orderId, shipmentId: announcement.shipmentId },
      nextStep: nextStepOf(session),
    },
  ]);
  noteTold(ctx, session, announcement.orderId);
}

function writeLog(
  ctx: Ctx,
  log: DeliveryLog,
  session: ShopSession,
  announcement: ClaimedAnnouncement,
  outcome: CallOutcome | null,
): Promise<void> {
  return log.write(ctx, {
    shopId: session.shop.shopId,
    subject: { kind: 'announcement', ids: [announcement.id] },
    nextAt: nextAttemptAt(ctx.now, outcome),
  });
}

function nextStepOf({ connector, shop }: ShopSession): string {
  return connector.deliveries === undefined
    ? 'Look at the order on the channel; announce again or enter the tracking number there.'
    : `Look at what the store answers (wharf delivery list "${shop.name}" --failed); then wharf delivery resend.`;
}
