import { z } from 'zod';
import { holdKinds, type HoldKind } from '../../orders/index.ts';
import { nothing } from '../words/data.ts';
import { tell } from '../words/sentences.ts';
import { wordsOf } from '../words/words-of.ts';
import { floorTellers } from './tell-floor.ts';
import { byOf } from './naming.ts';
import type { OrderFacts } from './order-facts.ts';
import { tellAllocated } from './tell-allocation.ts';
import { tellChanges } from './tell-edits.ts';
import { isJudgedBeside, judgeCancel, judgeEdit, tellLate } from './tell-judgement.ts';
import { teller, type Entry, type Teller } from './teller.ts';
import { told, type Told } from './told.ts';

const anything = z.unknown();
const takenIn = z.object({
  lines: z.number(),
  totalMinor: z.number(),
  currency: z.string(),
  /** SKU units; missing from the first entries. */
  units: z.number().optional(),
});
const oldAndNew = z.object({ old: z.number(), new: z.number() });
const paymentState = z.enum(['unpaid', 'authorised', 'paid']);
const holdKind = z.enum(holdKinds);

const documentTellers: Readonly<Record<string, Teller>> = {
  taken_in: teller(takenIn, tellTakenIn),
  edited: teller(anything, (facts, data, _entry, beside) => ({
    sentence: tell('story.edited', { shop: facts.shop.name }),
    details: [...tellChanges(facts, data), ...judgeEdit(facts, beside)],
  })),
  address_changed: teller(anything, (facts) => told(tell('story.address_changed', { shop: facts.shop.name }))),
  paid: teller(z.object({ paidMinor: z.number() }), ({ order }, { paidMinor }) =>
    told(tell('story.paid', { amount: { minor: paidMinor, currency: order.currency } })),
  ),
  payment_changed: teller(z.object({ old: paymentState, new: paymentState }), (_facts, change) =>
    told(tell('story.payment_changed', { from: change.old, to: change.new })),
  ),
  cancelled: teller(z.object({ reason: z.string().nullable() }), (facts, { reason }, _entry, beside) => ({
    sentence: tell('story.cancelled', { shop: facts.shop.name, reason }),
    details: judgeCancel(facts, beside),
  })),
  reopened: teller(anything, ({ shop }) => told(tell('story.reopened', { shop: shop.name }))),
  lines_cancelled: teller(oldAndNew, (facts, change, _entry, beside) => ({
    sentence: tell('story.lines_cancelled', { shop: facts.shop.name, from: change.old, to: change.new }),
    details: judgeCancel(facts, beside),
  })),
  refunded: teller(oldAndNew, ({ order: { currency } }, change) => {
    const total = { minor: change.new, currency };
    const amount = { minor: Math.abs(change.new - change.old), currency };
    return told(tell(change.new > change.old ? 'story.refunded' : 'story.refund_taken_back', { amount, total }));
  }),
  shipped_on_channel: teller(oldAndNew, ({ shop }, change) =>
    told(tell('story.shipped_on_channel', { shop: shop.name, units: change.new })),
  ),
  fulfilled_elsewhere: teller(oldAndNew, ({ shop }, change) =>
    told(tell('story.elsewhere', { shop: shop.name, units: change.new - change.old })),
  ),
  change_too_late: (facts, entry, beside) => {
    const [sentence] = isJudgedBeside(beside) ? [] : tellLate(facts, [entry]);
    return sentence === undefined ? [] : told(sentence);
  },
  superseded: teller(anything, ({ shop, partOrders }) =>
    told(tell('story.superseded', { shop: shop.name, order: partOrders[0]?.number ?? null })),
  ),
};

const deskTellers: Readonly<Record<string, Teller>> = {
  hold_placed: teller(z.object({ hold: holdKind }), tellHold),
  hold_released: teller(z.object({ hold: holdKind }), (facts, { hold }, entry) =>
    told(tell('story.hold_released', { hold, by: byOf(facts, entry) })),
  ),
  mapped: teller(z.object({ lineId: z.string(), skuId: z.string() }), ({ order, names }, { lineId, skuId }) =>
    told(
      tell('story.mapped', {
        title: order.lines.find((line) => line.orderLineId === lineId)?.title ?? '?',
        sku: names.skus.get(skuId) ?? '?',
      }),
    ),
  ),
  cancel_asked: teller(
    z.object({ reason: z.string(), lines: z.array(z.object({ quantity: z.number() })).nullable() }),
    (facts, { reason, lines }, entry) => {
      const units = lines?.reduce((sum, line) => sum + line.quantity, 0) ?? null;
      return told(tell('story.cancel_asked', { by: byOf(facts, entry), reason, units }));
    },
  ),
  refund_asked: teller(
    z.object({ reason: z.string(), amount: z.object({ minor: z.number(), currency: z.string() }) }),
    (facts, { reason, amount }, entry) => told(tell('story.refund_asked', { by: byOf(facts, entry), reason, amount })),
  ),
  cancel_refused: (facts, entry) => tellRefused(facts, entry, 'cancel'),
  refund_refused: (facts, entry) => tellRefused(facts, entry, 'refund'),
};

const returned = z.object({ return: z.number() });

const numbered = z.object({ number: z.string() });

const afterTellers: Readonly<Record<string, Teller>> = {
  invoiced: teller(numbered, (_facts, { number }) => told(tell('story.invoiced', { number }))),
  credited: teller(numbered, (_facts, { number }) => told(tell('story.credited', { number }))),
  return_opened: teller(returned, (_facts, data) => told(tell('story.return_opened', { number: data.return }))),
  return_decided: teller(returned, (_facts, data) => told(tell('story.return_decided', { number: data.return }))),
  return_not_ours: teller(anything, ({ shop }) => told(tell('story.return_not_ours', { shop: shop.name }))),
  return_withdrawn: teller(returned, (_facts, data) => told(tell('story.return_withdrawn', { number: data.return }))),
};

const tellers: Readonly<Record<string, Teller>> = {
  ...documentTellers,
  ...deskTellers,
  ...floorTellers,
  ...afterTellers,
  allocated: (facts, entry) => tellAllocated(facts, entry.data),
};

/** The kinds of timeline entries that have words. */
export const toldKinds: readonly string[] = Object.keys(tellers);

export function tellEntry(facts: OrderFacts, entry: Entry, beside: readonly Entry[]): readonly Told[] {
  const found = tellers[entry.kind]?.(facts, entry, beside) ?? told(tell('story.noted', nothing));
  return 'sentence' in found ? [found] : found;
}

function tellTakenIn(
  { shop, documents }: OrderFacts,
  { lines, totalMinor, currency, units = 0 }: z.infer<typeof takenIn>,
  _entry: Entry,
  beside: readonly Entry[],
): Told {
  const source = documents.find((document) => document.version === 1)?.source ?? null;
  const total = { minor: totalMinor, currency };
  const sentence = tell('story.taken_in', { source, shop: shop.name, lines, total });
  if (units === 0 || beside.some((entry) => entry.kind === 'cancelled')) return told(sentence);
  const claims =
    shop.claimsAt === 'placed' || beside.some((entry) => entry.kind === 'paid' || entry.kind === 'payment_changed');
  return told(
    sentence,
    claims ? tell('story.claimed', { units }) : tell('story.claims_when_paid', { units, shop: shop.name }),
  );
}

function tellRefused({ shop }: OrderFacts, entry: Entry, request: 'cancel' | 'refund'): Told | null {
  const words = wordsOf(entry.data);
  return words === null ? null : told(tell('story.request_refused', { request, shop: shop.name, words }));
}

function tellHold(facts: OrderFacts, { hold }: { readonly hold: HoldKind }, entry: Entry): Told {
  const cause = causeOf(facts, hold, entry.at);
  if (cause.source === 'change_too_late') return told(tell('story.held_too_late', nothing));
  if (cause.source === 'missing_on_channel') return told(tell('story.held_missing', { shop: facts.shop.name }));
  const note = cause.note ?? cause.reason ?? '';
  return told(tell('story.hold_placed', { hold, note: note === '' ? null : note, by: byOf(facts, entry) }));
}

const holdCause = z.object({
  source: z.string().optional(),
  note: z.string().optional(),
  reason: z.string().optional(),
});

function causeOf({ holds }: OrderFacts, kind: HoldKind, at: Date): z.infer<typeof holdCause> {
  const hold = holds.find((one) => one.kind === kind && one.placedAt.getTime() === at.getTime());
  const parsed = holdCause.safeParse(hold?.cause);
  return parsed.success ? parsed.data : {};
}
