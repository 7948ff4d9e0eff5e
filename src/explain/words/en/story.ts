import type { Source } from '../data.ts';
import type { WordsOf } from '../sentences.ts';
import { holdWords, paymentWords } from '../state-words.ts';
import type { StorySentences } from '../story-sentences.ts';
import { counted } from './grammar.ts';

const came: Readonly<Record<Source, string>> = {
  webhook: 'by a message from the channel',
  poll: 'when new orders were fetched',
  read: 'when the order was looked up',
};

const moves = {
  planned: 'was taken back into planning',
  released: 'was released to the floor',
  picked: 'was picked',
  packed: 'was packed',
  labelled: 'was labelled',
  shipped: 'left',
  cancelled: 'was given up',
} as const;

const movesBack = {
  ...moves,
  released: 'was put back on the pick list',
  picked: 'was unpacked',
  packed: 'lost its label again',
} as const;

const setAside = {
  older: 'it was older than what was known already, so it changed nothing',
  unreadable: 'it could not be used and waits for somebody to look at it',
  waiting: 'it is about to be taken in',
} as const;

export const enStory: WordsOf<StorySentences> = {
  'story.placed': ({ shop }) => `The buyer ordered on ${shop}.`,
  'story.taken_in': ({ source, lines, total }, say) =>
    `Taken in here${source === null ? '' : ` ${came[source]}`}: ${counted(lines, 'line')}, ${say.money(total)}.`,
  'story.claimed': ({ units }) => `Its ${counted(units, 'unit')} went off sale in all shops at once.`,
  'story.claims_when_paid': ({ units, shop }) =>
    `Its ${counted(units, 'unit')} stay on sale until it is paid, as ${shop} handles it.`,
  'story.set_aside': ({ source, reason }) => `A document about it came ${came[source]}; ${setAside[reason]}.`,
  'story.paid': ({ amount }, say) => `Paid: ${say.money(amount)}.`,
  'story.payment_changed': ({ from, to }, say) =>
    `Payment changed from ${say.states[paymentWords[from]]} to ${say.states[paymentWords[to]]}.`,
  'story.hold_placed': ({ hold, note, by }, say) => {
    const why = [...(hold === 'manual' ? [] : [say.states[holdWords[hold]]]), ...(note === null ? [] : [`“${note}”`])];
    return `Put on hold${by.kind === 'hub' ? '' : ` ${say.by(by)}`}${why.length === 0 ? '' : `: ${why.join(', ')}`}.`;
  },
  'story.held_too_late': () => 'Put on hold, until somebody has decided about the packed goods.',
  'story.held_missing': ({ shop }) => `Put on hold, because ${shop} does not show it any more.`,
  'story.hold_released': ({ hold, by }, say) =>
    `The hold${hold === 'manual' ? '' : ` “${say.states[holdWords[hold]]}”`} was lifted${by.kind === 'hub' ? '' : ` ${say.by(by)}`}.`,
  'story.mapped': ({ title, sku }) => `“${title}” is now known to be SKU ${sku}.`,

  'story.allocated': ({ chosen }, say) =>
    `Goods were set aside: ${say.list(chosen.map(({ warehouse, items }) => `${say.items(items)} in ${warehouse}`))}.`,
  'reason.chosen_all': ({ warehouse }, say) => say.states.chosenAll(warehouse),
  'reason.chosen_part': ({ warehouse, lacks }, say) => say.states.chosenPart(warehouse, say.lacks(lacks)),
  'reason.has_none': ({ warehouse }, say) => say.states.rejectedNone(warehouse),
  'reason.has_less': ({ warehouse, lacks }, say) => say.states.rejectedLess(warehouse, say.lacks(lacks)),
  'reason.not_needed': ({ warehouse }, say) => say.states.rejectedSpare(warehouse),
  'reason.by_rank': ({ warehouse, before }) =>
    `${warehouse} could have served it too, but for this shop ${before} comes first.`,
  'reason.by_parcel': ({ warehouse }) =>
    `${warehouse} could have served it too, but a parcel was planned already and this spares another.`,
  'reason.split': ({ parcels }) => `No warehouse alone had everything, so it goes in ${parcels} parcels.`,
  'reason.short': ({ items }, say) => `Nobody had the rest: ${say.items(items)} kept waiting.`,

  'story.withdrawn': ({ items, cancelled }, say) =>
    `Taken back: ${say.list(items.map(({ parcel, sku, quantity }) => `${quantity} × ${sku} from parcel ${parcel}`))}.${
      cancelled.length === 0
        ? ''
        : ` ${cancelled.length === 1 ? 'Parcel' : 'Parcels'} ${say.list(cancelled)} ${cancelled.length === 1 ? 'was' : 'were'} given up.`
    }`,
  'story.units_lost': ({ items }, say) =>
    `Goods that were set aside are missing in the warehouse: ${say.list(
      items.map(({ parcel, sku, quantity, warehouse }) => `${quantity} × ${sku} in ${warehouse} (parcel ${parcel})`),
    )}. They wait for others.`,
  'story.split': ({ from, to, items, by }, say) =>
    `Split ${say.by(by)}: ${say.items(items)} moved from parcel ${from} into the new parcel ${to}.`,
  'story.merged': ({ into, from, by }, say) =>
    `Put together ${say.by(by)}: ${parcelsOf(from, say.list)} into parcel ${into}, for the same receiver.`,
  'story.parcel_moved': ({ parcel, warehouse, to, isBack, by }, say) =>
    `Parcel ${parcel} in ${warehouse} ${(isBack ? movesBack : moves)[to]}${by.kind === 'token' ? ` ${say.by(by)}` : ''}.`,
  'story.shipped': ({ parcel, warehouse, items, carrier, tracking }, say) =>
    `Parcel ${parcel} left ${warehouse} with ${say.items(items)}${sayTracking(carrier, tracking)}.`,
  'story.shared': ({ parcel, orders }, say) =>
    `Parcel ${parcel} also holds goods of ${say.list(orders.map((order) => `order ${order}`))}.`,
  'story.tracking_corrected': ({ parcel, carrier, tracking, by }, say) =>
    `The tracking of parcel ${parcel} was corrected ${say.by(by)}${sayTracking(carrier, tracking)}.`,
  'story.told': ({ parcel, shop }) => `${shop} was told of parcel ${parcel} and accepted it.`,
  'story.tell_later': ({ parcel, shop }) =>
    `Parcel ${parcel} completes no whole item as sold, so there was nothing to tell ${shop} yet.`,
  'story.tell_due': ({ parcel, shop, words, at }, say) =>
    words === null
      ? `${shop} is to be told of parcel ${parcel}.`
      : `${shop} could not be told of parcel ${parcel}: ${say.fault(words)}. Tried again on ${say.at(at)}.`,
  'story.tell_unknown': ({ parcel, shop, at }, say) =>
    `${shop} was told of parcel ${parcel}, but its answer never came. On ${say.at(at)} the order is read there to find out.`,
  'story.tell_refused': ({ parcel, shop, words }, say) => `${shop} refused parcel ${parcel}: ${say.fault(words)}.`,

  'story.edited': ({ shop }) => `The order was changed on ${shop}:`,
  'edit.quantity': ({ title, from, to }) => `“${title}”: ${to} instead of ${from}.`,
  'edit.line_added': ({ title, quantity }) => `Added: ${quantity} × “${title}”.`,
  'edit.line_amount': ({ title, from, to }, say) => `“${title}” costs ${say.money(to)} instead of ${say.money(from)}.`,
  'edit.line_other': ({ title }) => `“${title}”: a detail that changes no goods and no money.`,
  'edit.total': ({ from, to }, say) => `Total ${say.money(to)} instead of ${say.money(from)}.`,
  'edit.ship_by': ({ to }, say) =>
    to === null ? 'It has no date to be shipped by any more.' : `To be shipped by ${say.at(to)}.`,
  'edit.service': ({ to }) => (to === null ? 'No shipping method any more.' : `Shipping method: ${to}.`),
  'edit.note': () => 'The buyer’s note.',
  'edit.money': () => 'How the total is made up.',
  'edit.other': () => 'Details that change no goods and no money.',
  'judged.applied': () => 'No parcel had to be touched for it.',
  'judged.replanned': () => 'Goods that were not packed yet were taken back, and a warehouse was looked for anew.',
  'judged.too_late': ({ items }, say) =>
    `Too late for ${say.items(items)}: packed already. The goods stay in their parcel, and the order waits for a decision.`,
  'judged.units_freed': () => 'Goods that were not packed yet became free again.',

  'story.address_changed': ({ shop }) =>
    `The address was changed on ${shop}. Goods not packed yet were taken back, so that the parcel is planned anew.`,
  'story.cancelled': ({ shop, reason }) =>
    `Cancelled on ${shop}${reason === null ? '' : `; reason given: “${reason}”`}.`,
  'story.reopened': ({ shop }) => `The cancellation was taken back on ${shop}.`,
  'story.lines_cancelled': ({ shop, from, to }) =>
    to > from
      ? `${counted(to - from, 'item')} cancelled on ${shop}.`
      : `${counted(from - to, 'item')} ordered again on ${shop} after being cancelled.`,
  'story.refunded': ({ amount, total }, say) =>
    `Money paid back: ${say.money(amount)}${amount.minor === total.minor ? '' : `, ${say.money(total)} in all`}.`,
  'story.refund_taken_back': ({ amount, total }, say) =>
    `A refund of ${say.money(amount)} was taken back; ${say.money(total)} remain refunded.`,
  'story.shipped_on_channel': ({ shop, units }) => `${shop} shows ${counted(units, 'item')} as shipped.`,
  'story.elsewhere': ({ shop, units }) =>
    `${counted(units, 'unit')} that ${shop} shows as delivered did not leave from here; they are not shipped a second time.`,
  'story.superseded': ({ shop, order }) =>
    order === null ? `${shop} split the order.` : `${shop} split the order; order ${order} takes its place.`,

  'story.cancel_asked': ({ by, reason, units }, say) =>
    `Cancelling ${units === null ? 'what has not left' : counted(units, 'item')} was asked for ${say.by(by)}: “${reason}”.`,
  'story.refund_asked': ({ by, reason, amount }, say) =>
    `Paying back ${say.money(amount)} was asked for ${say.by(by)}: “${reason}”.`,
  'story.request_done': ({ request, shop }) => `${shop} accepted the ${request}.`,
  'story.request_refused': ({ request, shop, words }, say) => `${shop} refused the ${request}: ${say.fault(words)}.`,
  'story.request_unknown': ({ request, shop, at }, say) =>
    `The ${request} was sent to ${shop}, but its answer never came. On ${say.at(at)} the order is read there to find out.`,
  'story.noted': () => 'Something was noted that has no words here; the order’s timeline has it.',
};

function parcelsOf(parcels: readonly number[], list: (words: readonly number[]) => string): string {
  return `${parcels.length === 1 ? 'parcel' : 'parcels'} ${list(parcels)}`;
}

function sayTracking(carrier: string | null, tracking: string | null): string {
  if (tracking === null) return carrier === null ? '' : `, by ${carrier}`;
  return carrier === null ? `, tracking number ${tracking}` : `, by ${carrier}, tracking number ${tracking}`;
}
