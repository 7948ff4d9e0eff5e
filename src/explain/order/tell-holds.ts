import { z } from 'zod';
import type { HoldKind } from '../../orders/index.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import { parcelsOf } from './naming.ts';
import type { OrderFacts } from './order-facts.ts';
import type { Standing } from './standing.ts';
import { verdict, type Verdict } from './verdict.ts';

const manualCause = z.object({
  source: z.string().optional(),
  note: z.string().optional(),
  reason: z.string().optional(),
});

/** What holds the order, and what would let it go on. */
export function tellHolds(facts: OrderFacts, standing: Standing): Verdict[] {
  const { holds } = facts.order;
  const own = tellOwnHold(facts, standing);
  const named = own === null ? holds : holds.filter((kind) => kind !== 'manual');
  return [
    ...(named.length === 0
      ? []
      : [
          verdict(
            tell('stand.held', { holds: named, offSale: isOffSale(facts) }),
            ...named.map((kind) => wayOut(facts, kind)),
          ),
        ]),
    ...(own === null ? [] : [own]),
  ];
}

/** A hold `manual` that nobody in the house has placed; null where there is none. */
function tellOwnHold(facts: OrderFacts, { openParcels }: Standing): Verdict | null {
  const order = facts.order.number;
  const shop = facts.shop.name;
  if (isHeldMissing(facts))
    return verdict(tell('stand.held_missing', { shop }), tell('next.held_missing', { shop, order }));
  if (sourceOf(facts) !== 'change_too_late') return null;
  const kept = openParcels.filter(({ state }) => state === 'packed' || state === 'labelled');
  return verdict(
    tell('stand.too_late', { parcels: parcelsOf(facts, kept) }),
    tell('next.too_late', { parcels: kept.map(({ number }) => number), order }),
  );
}

/** Held because the channel has not shown the order for a while. */
export function isHeldMissing(facts: OrderFacts): boolean {
  return sourceOf(facts) === 'missing_on_channel';
}

function sourceOf(facts: OrderFacts): string | null {
  return facts.order.holds.includes('manual') ? manualHold(facts).source : null;
}

/** Null where nothing of it is known well enough to be claimed, or all of it is in parcels. */
function isOffSale({ waits }: OrderFacts): boolean | null {
  return waits.demand.length === 0 ? null : waits.demand.every((one) => one.claims);
}

function wayOut(facts: OrderFacts, kind: HoldKind): Sentence {
  const { order } = facts;
  const shop = facts.shop.name;
  switch (kind) {
    case 'unpaid':
      return tell('next.pay', { shop });
    case 'unmapped':
      return tell('next.map', {
        listings: order.lines
          .filter((line) => line.isWaiting)
          .map(({ title, listingExternalId, skuCode }) => ({ title, listing: listingExternalId, sku: skuCode })),
      });
    case 'address':
      return tell('next.address', { shop });
    case 'approval':
    case 'fraud':
    case 'refund_asked':
      return tell('next.review', { hold: kind, order: order.number });
    case 'cancel_asked':
      return tell('next.cancel_pending', { shop });
    case 'manual':
      return tell('next.manual', { order: order.number, note: manualHold(facts).note });
  }
}

function manualHold({ holds }: OrderFacts): { readonly source: string | null; readonly note: string | null } {
  const open = holds.find((hold) => hold.kind === 'manual' && hold.releasedAt === null);
  const parsed = manualCause.safeParse(open?.cause);
  if (!parsed.success) return { source: null, note: null };
  const note = parsed.data.note ?? parsed.data.reason ?? '';
  return { source: parsed.data.source ?? null, note: note === '' ? null : note };
}
