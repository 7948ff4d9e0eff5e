import type { StandSentences } from '../stand-sentences.ts';
import type { WordsOf } from '../sentences.ts';
import { holdWords, shipmentWords } from '../state-words.ts';
import { counted } from './grammar.ts';

const steps = {
  planned: 'Release, pick, pack and ship',
  released: 'Pick, pack and ship',
  picked: 'Pack and ship',
  packed: 'Label and ship',
  labelled: 'Hand over to the carrier and ship out',
  shipped: 'Nothing is left to do with',
  cancelled: 'Nothing is left to do with',
} as const;

const waysOut = {
  approval: 'Somebody has to approve it',
  fraud: 'Somebody has to check it for fraud',
  refund_asked: 'The buyer asks for the money back: settle that first',
} as const;

export const enStand: WordsOf<StandSentences> = {
  'order.title': ({ number, externalNumber, shop, total }, say) =>
    `Order ${number} · ${shop}, no. ${externalNumber} · ${say.money(total)}`,

  'heading.stand': () => 'Where it stands',
  'heading.next': () => 'What to do',
  'heading.lines': () => 'What was ordered',
  'heading.story': ({ zone }) => `What happened (times in ${zone})`,
  'heading.waits': ({ now }, say) => `What it waits for, as of ${say.at(now)}`,
  'heading.money': () => 'Money',

  'stand.superseded': ({ orders }, say) =>
    orders.length === 0
      ? 'The channel has split this order; its parts take its place.'
      : `The channel has split this order; ${say.list(orders.map((order) => `order ${order}`))} take${orders.length === 1 ? 's' : ''} its place.`,
  'stand.cancelled': ({ at, reason }, say) =>
    `Cancelled on ${say.at(at)}${reason === null ? '' : `; reason given: “${reason}”`}.`,
  'stand.cancelled_freed': () => 'None of its goods are set aside any more.',
  'stand.cancelled_kept': ({ parcels }, say) =>
    `But goods of it are already in ${say.list(
      parcels.map(
        ({ parcel, warehouse, state, items }) =>
          `parcel ${parcel} in ${warehouse} (${say.states[shipmentWords[state]]}: ${say.items(items)})`,
      ),
    )}.`,
  'stand.cancelled_shipped': ({ units }) => `${counted(units, 'unit')} had already left.`,
  'stand.shipped': ({ at, parcels }, say) =>
    `${parcels.length === 1 ? 'Everything left on' : 'Everything has left, the last parcel on'} ${say.at(at)}: ${say.list(
      parcels.map(({ parcel, warehouse }) => `parcel ${parcel} from ${warehouse}`),
    )}.`,
  'stand.partly_shipped': ({ shipped, of }) => `${shipped} of ${counted(of, 'unit')} have left.`,
  'stand.elsewhere': ({ units, shop }) =>
    `${shop} shows ${counted(units, 'unit')} as delivered that did not leave from here: nothing of them is left to ship.`,
  'stand.channel_ships': ({ shop }) => `There is nothing to ship from here: ${shop} delivers it itself.`,
  'stand.nothing_left': () => 'All of it was cancelled: nothing is left to ship.',
  'stand.held': ({ holds, offSale }, say) =>
    `On hold: ${say.list(holds.map((hold) => say.states[holdWords[hold]]))}. ${
      offSale === null
        ? 'No warehouse works on it.'
        : offSale
          ? 'Its goods are off sale already, but no warehouse works on it.'
          : 'Its goods are still on sale, and no warehouse works on it.'
    }`,
  'stand.parcel': ({ parcel, warehouse, state, items }, say) =>
    `Parcel ${parcel} in ${warehouse} is ${say.states[shipmentWords[state]]}: ${say.items(items)}.`,
  'stand.short': ({ items }, say) => `Goods are missing: ${say.items(items)}.`,
  'stand.assigning': ({ items }, say) => `${say.items(items)}: a warehouse is being chosen.`,
  'stand.too_late': ({ parcels }, say) =>
    `A change came after the goods were packed: ${say.list(
      parcels.map(({ parcel, warehouse, items }) => `parcel ${parcel} in ${warehouse} still holds ${say.items(items)}`),
    )}.`,
  'stand.held_missing': ({ shop }) => `On hold: ${shop} does not show this order any more. No warehouse works on it.`,
  'stand.told': ({ shop, parcels }, say) =>
    `${shop} has been told of ${parcels.length === 1 ? 'parcel' : 'parcels'} ${say.list(parcels)}.`,
  'stand.tell_due': ({ parcel, shop }) => `${shop} does not know of parcel ${parcel} yet.`,
  'stand.tell_unknown': ({ parcel, shop }) =>
    `It is not known whether ${shop} got the news of parcel ${parcel}: its answer never came.`,
  'stand.tell_refused': ({ parcel, shop, words }, say) => `${shop} refused parcel ${parcel}: ${say.fault(words)}.`,
  'stand.request_open': ({ request, shop }) => `A ${request} is on its way to ${shop}.`,
  'stand.request_unknown': ({ request, shop }) =>
    `It is not known whether ${shop} has carried out the ${request}: its answer never came.`,
  'stand.request_refused': ({ request, shop, words }, say) => `${shop} refused the ${request}: ${say.fault(words)}.`,
  'stand.unreadable': ({ shop }) =>
    `The newest message of ${shop} about it cannot be used; what stands here may be old.`,
  'stand.missing': ({ shop }) => `${shop} does not show this order any more.`,

  'next.nothing': () => 'Nothing: it is finished.',
  'next.pay': ({ shop }) => `Wait for the payment. As soon as ${shop} shows it as paid, the order goes on by itself.`,
  'next.map': ({ listings }, say) => {
    const known = listings.flatMap(({ title, listing }) =>
      listing === null ? [] : [`“${title}” (wharf listing map ${listing} --sku CODE)`],
    );
    const gone = listings.flatMap(({ title, listing, sku }) =>
      listing === null ? [`“${title}”${sku === null ? '' : ` (${sku})`}`] : [],
    );
    return [
      ...(known.length === 0 ? [] : [`Say which SKU this is: ${say.list(known)}.`]),
      ...(gone.length === 0 ? [] : [`The channel no longer has ${say.list(gone)}: add a SKU with that code.`]),
      'The order then goes on by itself.',
    ].join(' ');
  },
  'next.address': ({ shop }) => `Complete the address on ${shop}. Once it is read again, the order goes on by itself.`,
  'next.review': ({ hold, order }) =>
    `${waysOut[hold]}; then let the order go on (wharf order release ${order} --kind ${hold}).`,
  'next.manual': ({ order, note }) =>
    `Somebody has put it on hold${note === null ? '' : ` (“${note}”)`}. Settle that, then let it go on (wharf order release ${order}).`,
  'next.cancel_pending': ({ shop }) =>
    `Wait for ${shop}: what it cancels becomes free, and what it keeps goes on by itself.`,
  'next.too_late': ({ parcels, order }, say) =>
    `Decide about ${say.list(parcels.map((parcel) => `parcel ${parcel}`))}: unpack it, or settle with the buyer and ship it as it is. Then let the order go on (wharf order release ${order}).`,
  'next.goods': ({ items, expected }, say) =>
    expected.length === 0
      ? `Receive or move in ${say.items(items)}; the order then takes its turn by itself. No delivery is announced.`
      : `Wait for the announced goods (${say.list(
          expected.map(({ quantity, sku, warehouse, at }) => `${quantity} × ${sku} in ${warehouse} on ${say.day(at)}`),
        )}), or receive others; the order then takes its turn by itself.`,
  'next.no_warehouse': ({ shop }) =>
    `No warehouse serves ${shop}: name one (wharf shop serve "${shop}" --warehouse CODE).`,
  'next.assigning': () => 'The warehouse is chosen by itself, within seconds.',
  'next.parcel': ({ parcel, warehouse, state }) => `${steps[state]} parcel ${parcel} in ${warehouse}.`,
  'next.unpack': ({ parcels }, say) =>
    `Unpack ${say.list(parcels.map((parcel) => `parcel ${parcel}`))} and put the goods back, or, if it must go, settle it with the buyer.`,
  'next.tell_soon': ({ shop }) => `${shop} is told by itself.`,
  'next.tell_later': ({ shop, at }, say) => `${shop} is tried again by itself on ${say.at(at)}.`,
  'next.read_back': ({ shop, at }, say) =>
    `The order is read on ${shop} on ${say.at(at)}, and only then is anything sent again; nobody has to do anything.`,
  'next.tell_refused': ({ parcel, shop }) =>
    `Look at the order on ${shop} and enter the tracking number of parcel ${parcel} there.`,
  'next.request_refused': ({ request, shop }) => `Look at the order on ${shop}: ${request} it there, or ask again.`,
  'next.shop_paused': ({ shop }) =>
    `${shop} is paused here: let it go on, so that it can be told (wharf shop resume "${shop}").`,
  'next.unreadable': ({ shop }) =>
    `Look at the order on ${shop}, and at the exceptions here for the cause (wharf exception list).`,
  'next.missing': ({ shop }) => `Look whether the order was deleted on ${shop}; if so, cancel it here by hand.`,
  'next.held_missing': ({ shop, order }) =>
    `Look whether the order was deleted on ${shop}. If so, cancel it here by hand; if not, let it go on (wharf order release ${order}). Once ${shop} shows it again, it goes on by itself.`,
};
