import type { ListingSentences } from '../listing-sentences.ts';
import type { WordsOf } from '../sentences.ts';
import { counted } from './grammar.ts';

export const enListing: WordsOf<ListingSentences> = {
  'listing.title': ({ title, listing, sku, shop }) =>
    `“${title}” on ${shop} · the channel’s item ${listing}${sku === null ? '' : ` · SKU ${sku}`}`,

  'heading.number': ({ now }, say) => `How the number comes about, as of ${say.at(now)}`,
  'heading.places': () => 'Where the channel shows it',
  'heading.channel': () => 'What the channel was told and shows',

  'shown.in_step': ({ shop, quantity }) => `${shop} offers ${quantity}, and that is right.`,
  'shown.told_unread': ({ shop, quantity }) => `${shop} was told ${quantity}; it has not been read back yet.`,
  'shown.drift': ({ shop, seen, quantity }) => `${shop} shows ${seen}, but ${quantity} is right.`,
  'shown.behind': ({ shop, told, quantity }) =>
    told === null
      ? `${quantity} is right, but ${shop} has not been told yet.`
      : `${quantity} is right, but ${shop} was last told ${told}.`,
  'shown.unmapped': () => 'Nobody has said yet which SKU this is, so no number is told.',
  'shown.proposed': ({ sku }) => `It looks like SKU ${sku}, by its code or barcode.`,
  'shown.not_pushed': ({ shop, seen }) =>
    `Stock is not told to ${shop}: that is switched off.${seen === null ? '' : ` It showed ${seen} when last read.`}`,
  'shown.untracked': ({ shop }) => `${shop} keeps no stock of this item, so no number is told.`,
  'shown.inactive': ({ shop }) => `The item is not on sale on ${shop}, so no number is told.`,
  'shown.cannot': ({ shop }) => `${shop} is on a channel that takes no stock numbers from here.`,

  'term.level': ({ warehouse, onHand, reserved, free }) =>
    `${warehouse}: ${onHand} there − ${reserved} set aside for parcels = ${free}`,
  'term.no_warehouse': ({ shop }) => `No warehouse serves ${shop}: 0`,
  'term.claim': ({ shop, isOwn, units, orders }) =>
    `− ${units} sold on ${shop}${isOwn ? '' : ', which sells from the same warehouses'}, not yet set aside (${counted(orders, 'order')})`,
  'term.no_claim': () => '− 0: nothing sold is still waiting to be set aside',
  'term.promise': ({ units }) =>
    units < 0 ? `= −${-units}: more is sold than there is` : `= ${counted(units, 'unit')} left to sell`,
  'term.oversold': () => 'No channel is told less than 0.',
  'term.multiplier': ({ promised, multiplier, quantity, leftOver }) =>
    `÷ ${multiplier} in each item: ${promised} ÷ ${multiplier} = ${quantity}${leftOver === 0 ? '' : `, and ${counted(leftOver, 'unit')} left over`}`,
  'term.saleable': ({ quantity }) => `= ${quantity} that a buyer may buy here`,
  'term.add_back': ({ open, inFlight, units, shop }) =>
    `+ ${units} sold here and not shown as shipped yet: ${shop} subtracts them itself${
      inFlight === 0 ? '' : ` (${open}, less ${inFlight} in parcels it is just being told of)`
    }`,
  'term.sent': ({ quantity, shop }) => `= ${quantity}, the number told to ${shop}`,
  'term.location': ({ location, warehouse, quantity }) => `${location} (${warehouse}): ${quantity}`,

  'told.at': ({ quantity, at }, say) => `Last told on ${say.at(at)}: ${quantity} may be bought.`,
  'told.never': () => 'Never told yet.',
  'seen.at': ({ quantity, at }, say) => `Read back on ${say.at(at)}: ${quantity} may be bought.`,
  'seen.before': ({ quantity, at }, say) =>
    `Last read on ${say.at(at)}, before it was told: ${quantity} could be bought.`,
  'seen.never': () => 'Never read back yet.',

  'why.shop_paused': ({ shop }) => `${shop} is paused here, so nothing is sent to it.`,
  'why.shop_removed': ({ shop }) => `${shop} has been removed here, so nothing is sent to it.`,
  'why.shop_resting': ({ shop, until, words, times }, say) =>
    `${shop} failed ${counted(times, 'time')} in a row${words === null ? '' : ` (${say.fault(words)})`}; it is left alone until ${say.at(until)}.`,
  'why.location_unmapped': ({ locations }, say) =>
    `Nobody has said which warehouse ${say.list(locations.map((location) => `“${location}”`))} is, so no number is told: goods there would go on selling unseen.`,
  'why.refused': ({ shop, words, times, at }, say) =>
    `${shop} did not take the number: ${say.fault(words)} (${counted(times, 'time')}). Tried again on ${say.at(at)}.`,
  'why.drift_told_again': ({ shop, at }, say) =>
    `${shop} went on showing another number than it was told, perhaps changed by hand there. It is told again on ${say.at(at)}.`,
  'why.rises': ({ shop, waiting }) =>
    `The number rises. Before that, new orders of ${shop} are taken in, so that nothing is sold twice${
      waiting === 0 ? '' : `; ${counted(waiting, 'document')} of it still ${waiting === 1 ? 'waits' : 'wait'}`
    }.`,
  'why.on_its_way': () => 'The new number is on its way.',

  'next.fine': () => 'Nothing.',
  'next.wait': () => 'Nothing. It is told by itself.',
  'next.push_on': ({ shop }) => `When the mapping is right, switch it on (wharf shop push-stock "${shop}" on).`,
  'next.map_listing': ({ listing }) => `Say which SKU it is (wharf listing map ${listing} --sku CODE).`,
  'next.accept_listing': ({ listing, shop }) => `If so, accept it (wharf listing accept "${shop}" ${listing}).`,
  'next.map_location': ({ shop }) =>
    `Say which warehouse each place is (wharf shop locations "${shop}" --map PLACE=CODE).`,
  'next.refused': ({ shop }) => `Look at the item on ${shop}; it may be deleted, locked or of another kind.`,
  'next.resume_shop': ({ shop }) => `Let the shop go on (wharf shop resume "${shop}").`,
  'next.drift': ({ shop }) => `If it keeps happening, find out who or what changes stock on ${shop}.`,
};
