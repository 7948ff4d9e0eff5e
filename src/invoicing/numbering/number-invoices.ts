import { constraintName, isServersTrouble, onBehalf, savepoint, sqlState, type Ctx } from '../../platform/db/index.ts';
import type { Keyring } from '../../platform/crypto/index.ts';
import { Fault } from '../../kernel/index.ts';
import { claimRequests } from '../locks.ts';
import type { RequestRow } from '../requests/request-row.ts';
import { requestDocuments } from '../requests/request-documents.ts';
import { readSeller } from '../seller.ts';
import { assignNumbers, type Counters, type Numbered } from './assign-numbers.ts';
import { draftDocument, type Draft } from './draft-document.ts';
import { parkRequests, type ParkedRequest } from './park-requests.ts';
import { readSources } from './read-sources.ts';
import { storeCounters, storeDocuments } from './store-documents.ts';
import { addTimeline } from '../../orders/index.ts';

export type NumberedBatch = { readonly numbered: number; readonly parked: number; readonly more: boolean };

/**
 * Gives due requests their numbers and freezes what they say: at most `max`, a constant number of statements. Numbers have no
 * gaps, for a number is taken under the lock of its series and stands or falls with its document. What cannot be issued is
 * parked with its cause and takes none.
 */
export async function numberInvoices(
  ctx: Ctx,
  deps: { readonly keyring: Keyring },
  max: number,
): Promise<NumberedBatch> {
  const inner = onBehalf(ctx, 'number_invoices');
  const { requests, series, foundAny } = await claimRequests(inner, max);
  if (requests.length === 0) return { numbered: 0, parked: 0, more: foundAny };
  const seller = await readSeller(ctx.tx);
  const sources = await readSources(ctx.tx, deps.keyring, requests);
  const parked: ParkedRequest[] = [];
  const drafts: Draft[] = [];
  for (const request of requests) {
    try {
      drafts.push(
        draftDocument(request, series.get(request.seriesId), { keyring: deps.keyring, seller, sources, now: ctx.now }),
      );
    } catch (error) {
      parked.push({ request, cause: causeOf(error) });
    }
  }
  const timeZone = seller?.timeZone ?? 'UTC';
  const stored = await store(inner, drafts, {
    counters: series,
    timeZone,
    keepYears: seller?.keepReceiversYears ?? 10,
  });
  await storeCounters(inner, [...stored.counters.values()]);
  await parkRequests(inner, [...parked, ...stored.parked]);
  await tell(inner, stored.numbered);
  return { numbered: stored.numbered.length, parked: parked.length + stored.parked.length, more: true };
}

type Shelf = { readonly counters: Counters; readonly timeZone: string; readonly keepYears: number };
type Stored = { readonly numbered: Numbered[]; readonly parked: ParkedRequest[]; readonly counters: Counters };

/** A failure nobody foresaw halves the batch until its culprit is found; the numbers go on after what was stored. */
async function store(ctx: Ctx, drafts: readonly Draft[], shelf: Shelf): Promise<Stored> {
  if (drafts.length === 0) return { numbered: [], parked: [], counters: shelf.counters };
  const { numbered, counters } = assignNumbers(drafts, shelf.counters, shelf.timeZone, ctx.now);
  try {
    await savepoint(ctx, () => storeDocuments(ctx, numbered, shelf.keepYears));
    return { numbered, parked: [], counters };
  } catch (error) {
    if (isServersTrouble(error)) throw error;
    const [only, ...others] = drafts;
    if (only !== undefined && others.length === 0) {
      return { numbered: [], parked: [{ request: only.request, cause: causeOf(error) }], counters: shelf.counters };
    }
    const middle = Math.ceil(drafts.length / 2);
    const first = await store(ctx, drafts.slice(0, middle), shelf);
    const second = await store(ctx, drafts.slice(middle), { ...shelf, counters: first.counters });
    return {
      numbered: [...first.numbered, ...second.numbered],
      parked: [...first.parked, ...second.parked],
      counters: second.counters,
    };
  }
}

/** The timeline; and what became due with the invoice, as a refund that came before its number. */
async function tell(ctx: Ctx, numbered: readonly Numbered[]): Promise<void> {
  await addTimeline(
    ctx,
    numbered.map(({ id, number, content, request }) => ({
      orderId: request.orderId,
      kind: content.kind === 'invoice' ? 'invoiced' : 'credited',
      data: {
        invoiceId: id,
        number,
        amountMinor: content.totalMinor,
        currency: content.currency,
        ...(content.corrects === null ? {} : { corrects: content.corrects.number, because: content.because }),
      },
    })),
  );
  const invoiced = numbered.filter(({ content }) => content.kind === 'invoice');
  await requestDocuments(
    ctx,
    invoiced.map(({ request }: { request: RequestRow }) => request.orderId),
  );
}

/** Codes and figures; messages of drivers may repeat personal data. */
function causeOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof Fault) return { code: error.code, message: error.message, data: error.data };
  const name = error instanceof Error ? error.name : 'unknown';
  return { code: 'invoice.not_storable', error: name, sqlState: sqlState(error), constraint: constraintName(error) };
}
