import { newId } from '../../kernel/index.ts';
import type { InvoiceRequestId } from '../ids.ts';
import type { BilledOrder, StandingInvoice } from './read-billed-orders.ts';
import type { RequestRow } from './request-row.ts';

export type RequestPlan = {
  readonly inserted: readonly RequestRow[];
  /** Not numbered yet, and not wanted any more. */
  readonly dropped: readonly InvoiceRequestId[];
  /** All that is left of them is credited. */
  readonly reversed: readonly InvoiceRequestId[];
};

type BilledBy = Pick<BilledOrder, 'orderId' | 'shopId' | 'version' | 'language' | 'invoiceSeriesId' | 'creditSeriesId'>;

const nothing: RequestPlan = { inserted: [], dropped: [], reversed: [] };

/**
 * What must be written for an order, from how it stands: run again, it finds nothing to do. An invoice when the rule says so;
 * a credit note for what was refunded and not credited yet; when the order is cancelled, or was edited after its invoice, a
 * credit note for the rest of it, and for an edited order another invoice.
 */
export function planRequests(order: BilledOrder, now: Date): RequestPlan {
  const { standing } = order;
  const isOff = order.cancelledAt !== null || order.isSuperseded;
  if (standing === null) return isOff || !isWanted(order) ? nothing : { ...nothing, inserted: [byRule(order, now)] };
  if (standing.state !== 'numbered') return isOff ? { ...nothing, dropped: [standing.requestId] } : nothing;
  if (isOff) {
    const refunded = creditRefunds(order, standing, now);
    const rest = creditRest(order, standing, sumOf(refunded), 'cancel', order.cancelledAt ?? now, now);
    return { inserted: [...refunded, ...rest], dropped: [], reversed: [standing.requestId] };
  }
  if (standing.isOutdated) {
    const rest = creditRest(order, standing, 0, 'edit', now, now);
    const again: RequestRow = { ...requestOf(order, now), source: 'edit', factAt: now };
    return { inserted: [...rest, again], dropped: [], reversed: [standing.requestId] };
  }
  return { ...nothing, inserted: creditRefunds(order, standing, now) };
}

/** Of the order's own rule, for orders it covers. */
function isWanted(order: BilledOrder): boolean {
  if (order.placedAt < order.ordersSince) return false;
  if (order.at === 'ship_out') return order.fulfilmentState === 'shipped';
  return order.at === 'payment' && order.paymentState === 'paid';
}

function byRule(order: BilledOrder, now: Date): RequestRow {
  const isPaid = order.at === 'payment';
  const factAt = (isPaid ? order.paidAt : order.shippedAt) ?? now;
  return { ...requestOf(order, now), source: isPaid ? 'payment' : 'ship_out', factAt };
}

/**
 * All refunds that are settled, less what the buyer had paid beyond the invoice: an edit that made the order cheaper is paid
 * back without being credited twice.
 */
export function toCreditMinor(order: BilledOrder, { totalMinor }: StandingInvoice): number {
  const total = totalMinor ?? 0;
  const refunded = order.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
  const overpaid = Math.max(0, order.buyerPaidMinor - total);
  return Math.min(Math.max(0, refunded - overpaid), Math.max(0, total));
}

/** What is to be credited and is not yet: dealt to the refunds that have no note yet, oldest first. */
function creditRefunds(order: BilledOrder, standing: StandingInvoice, now: Date): RequestRow[] {
  let open = toCreditMinor(order, standing) - standing.creditedMinor;
  let upTo = standing.creditedMinor;
  const notes: RequestRow[] = [];
  const add = (amount: number, refund: Partial<BilledOrder['refunds'][number]>): void => {
    open -= amount;
    upTo += amount;
    notes.push({
      ...creditOf(order, standing, now),
      source: 'refund',
      refundExternalId: refund.externalId ?? null,
      reason: refund.reason ?? null,
      factAt: refund.refundedAt ?? now,
      amountMinor: amount,
      upToMinor: upTo,
    });
  };
  for (const refund of order.refunds) {
    if (open > 0 && !refund.isRequested) add(Math.min(open, refund.amountMinor), refund);
  }
  // A refund that has grown since its note.
  if (open > 0) add(open, {});
  return notes;
}

function creditRest(
  order: BilledOrder,
  standing: StandingInvoice,
  alsoMinor: number,
  source: 'cancel' | 'edit',
  factAt: Date,
  now: Date,
): RequestRow[] {
  const total = standing.totalMinor ?? 0;
  const rest = total - standing.creditedMinor - alsoMinor;
  if (rest <= 0) return [];
  return [{ ...creditOf(order, standing, now), source, factAt, amountMinor: rest, upToMinor: total }];
}

function requestOf(order: BilledBy, now: Date): RequestRow {
  return {
    id: newId<'invoice_request'>(now.getTime()),
    orderId: order.orderId,
    shopId: order.shopId,
    version: order.version,
    kind: 'invoice',
    source: 'manual',
    seriesId: order.invoiceSeriesId,
    language: order.language,
    correctsRequestId: null,
    refundExternalId: null,
    amountMinor: null,
    upToMinor: null,
    reason: null,
    factAt: now,
    createdAt: now,
  };
}

function creditOf(order: BilledOrder, standing: StandingInvoice, now: Date): RequestRow {
  return {
    ...requestOf(order, now),
    kind: 'credit_note',
    seriesId: order.creditSeriesId,
    correctsRequestId: standing.requestId,
  };
}

/** One that a person asked for, whatever the rule. */
export function byHand(order: BilledBy, now: Date): RequestRow {
  return requestOf(order, now);
}

function sumOf(notes: readonly RequestRow[]): number {
  return notes.reduce((sum, note) => sum + (note.amountMinor ?? 0), 0);
}
