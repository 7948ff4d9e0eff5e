import { Fault, newId } from '../../kernel/index.ts';
import type { Keyring } from '../../platform/crypto/index.ts';
import { hashContent, type InvoiceContent, type InvoiceReceiver } from '../content.ts';
import type { InvoiceId } from '../ids.ts';
import type { SeriesCounter } from '../locks.ts';
import { openReceiver, receiverOf, sealReceiver, type SealedReceiver } from '../receiver.ts';
import type { RequestRow } from '../requests/request-row.ts';
import { sellerMissing, type Seller } from '../seller.ts';
import { creditContent } from './credit-content.ts';
import type { Sources } from './read-sources.ts';
import { soldContent } from './sold-content.ts';

export const inDoubt = 'invoice.may_have_been_issued';

/** A document that only lacks its number. */
export type Draft = {
  readonly id: InvoiceId;
  readonly request: RequestRow;
  readonly content: InvoiceContent;
  readonly contentHash: Uint8Array;
  readonly orderVersion: number;
  readonly correctsInvoiceId: InvoiceId | null;
  readonly receiver: SealedReceiver | null;
};

export type Desk = {
  readonly keyring: Keyring;
  readonly seller: Seller | null;
  readonly sources: Sources;
  readonly now: Date;
};

/** Throws a Fault that names why this one cannot be issued; then it is parked and takes no number. */
export function draftDocument(request: RequestRow, series: SeriesCounter | undefined, desk: Desk): Draft {
  if (desk.seller === null) throw new Fault('conflict', sellerMissing);
  const doubted = series?.doubtedBefore ?? null;
  if (doubted !== null && request.factAt < doubted) {
    throw new Fault('conflict', inDoubt, { data: { factAt: request.factAt.toISOString() } });
  }
  const id = newId<'invoice'>(desk.now.getTime());
  const { receiver, ...written } = write(request, desk.seller, desk);
  return {
    id,
    request,
    ...written,
    contentHash: hashContent(written.content),
    receiver: receiver === null ? null : sealReceiver(desk.keyring, id, receiver),
  };
}

type Written = Pick<Draft, 'content' | 'orderVersion' | 'correctsInvoiceId'> & {
  readonly receiver: InvoiceReceiver | null;
};

function write(request: RequestRow, seller: Seller, { keyring, sources, now }: Desk): Written {
  const heading = { seller, language: request.language, now };
  if (request.correctsRequestId === null) {
    const order = sources.orders.get(request.orderId);
    if (order === undefined) throw new Fault('not_found', 'order.unknown');
    return {
      content: soldContent(order, heading),
      orderVersion: order.version,
      correctsInvoiceId: null,
      receiver: receiverOf(sources.receivers.get(request.orderId)),
    };
  }
  const corrected = sources.corrected.get(request.correctsRequestId);
  if (corrected === undefined) throw new Fault('not_found', 'invoice.unknown');
  const { ciphertext, dataKey, invoiceId } = corrected;
  return {
    content: creditContent(request, corrected, heading),
    orderVersion: corrected.orderVersion,
    correctsInvoiceId: invoiceId,
    receiver:
      ciphertext === null || dataKey === null ? null : openReceiver(keyring, invoiceId, { ciphertext, dataKey }),
  };
}
