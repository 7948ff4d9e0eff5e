import type { OrderId, ShopId } from '../../kernel/index.ts';
import type { CurrentOrder, OrderDocument, OrderRow } from '../../orders/index.ts';
import { buyerPaidMinor, moneyOf, refundedMinor } from './order-money.ts';
import { instantOf } from './source-time.ts';

type Input = {
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly document: OrderDocument;
  readonly current: CurrentOrder | null;
  readonly cancelled: { readonly at: Date; readonly reason: string | null } | null;
  readonly supersededBy: OrderId | null;
  readonly now: Date;
};

/** The order's own row once the document is applied. */
export function planRow(input: Input): OrderRow {
  const { document, current } = input;
  const { order } = document;
  return {
    id: input.orderId,
    shopId: input.shopId,
    externalId: order.externalId,
    externalNumber: order.number,
    documentHash: document.documentHash,
    sourceVersion: document.sourceVersion,
    readStartedAt: document.readStartedAt,
    inboxEventId: document.inboxEventId,
    version: (current?.row.version ?? 0) + 1,
    currency: order.currency,
    pricesIncludeTax: order.pricesIncludeTax,
    buyerPaidMinor: buyerPaidMinor(order),
    refundedMinor: refundedMinor(order),
    partOfExternalId: order.partOfExternalId,
    placedAt: instantOf(order.placedAt),
    placedAtSource: order.placedAt,
    updatedAtSource: order.updatedAt,
    buyerNote: order.buyerNote,
    shippingService: order.shippingService,
    createdAt: current?.row.createdAt ?? input.now,
    updatedAt: input.now,
    ...(order.amountsAreReduced && current !== null ? keptMoney(current.row) : moneyOf(order)),
    ...presentment(input),
    ...facts(input),
  };
}

function facts({ document, current, cancelled, supersededBy }: Input) {
  const { order } = document;
  return {
    paymentState: order.paymentState,
    paidAt: instantOf(order.paidAt),
    cancelledAt: cancelled?.at ?? null,
    cancelReason: cancelled?.reason ?? null,
    isClosedOnChannel: order.isClosed,
    supersededBy: supersededBy ?? current?.row.supersededBy ?? null,
    shipBy: instantOf(order.shipBy),
    priority: current?.row.priority ?? 0,
  };
}

function keptMoney(row: OrderRow): ReturnType<typeof moneyOf> {
  const { linesMinor, shippingMinor, taxMinor, discountMinor, residualMinor, totalMinor, chargedTotal } = row;
  const { receivableMinor } = row;
  return {
    linesMinor,
    shippingMinor,
    taxMinor,
    discountMinor,
    residualMinor,
    totalMinor,
    chargedTotal,
    receivableMinor,
  };
}

function presentment({ document, current }: Input): Pick<OrderRow, 'presentmentCurrency' | 'presentmentTotalMinor'> {
  const { order } = document;
  if (order.amountsAreReduced && current !== null) {
    const { presentmentCurrency, presentmentTotalMinor } = current.row;
    return { presentmentCurrency, presentmentTotalMinor };
  }
  return {
    presentmentCurrency: order.presentment?.currency ?? null,
    presentmentTotalMinor: order.presentment?.totalMinor ?? null,
  };
}
