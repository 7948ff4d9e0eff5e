import type { GoodsSentences } from '../goods-sentences.ts';
import type { WordsOf } from '../sentences.ts';
import { shipmentWords } from '../state-words.ts';
import { counted } from './grammar.ts';

export const enGoods: WordsOf<GoodsSentences> = {
  'line.mapped': ({ title, quantity, cancelled, parts }, say) =>
    `${quantity} × “${title}” = ${say.items(parts)}${parts.some((part) => part.unitsPerLine > 1) ? ` (${say.list(parts.map((part) => `${part.unitsPerLine} × ${part.sku}`))} in each)` : ''}${
      cancelled === 0 ? '' : `; ${cancelled === quantity ? 'cancelled' : `${cancelled} of them cancelled`}`
    }.`,
  'line.unmapped': ({ title, quantity, listing }) =>
    listing === null
      ? `${quantity} × “${title}”: the channel no longer has this item, and no SKU here has its code.`
      : `${quantity} × “${title}”: nobody has said yet which SKU this is (the channel’s item ${listing}).`,
  'line.channel': ({ title, quantity, shop }) => `${quantity} × “${title}”: delivered by ${shop}, not from here.`,

  'wait.sku': ({ sku, quantity }) => `${quantity} × ${sku} ${quantity === 1 ? 'is' : 'are'} waiting.`,
  'wait.held': ({ offSale }) =>
    `As long as the order is on hold, it takes no turn${offSale ? '; its goods are off sale all the same' : ''}.`,
  'wait.level': ({ warehouse, onHand, reserved, free }) =>
    `${warehouse}: ${onHand} there, ${reserved} set aside for parcels, ${free} free.`,
  'wait.no_warehouse': ({ shop }) => `No warehouse serves ${shop}.`,
  'wait.first': () => 'It is first in line for the next that come in.',
  'wait.ahead': ({ orders, units }) =>
    `${orders === 1 ? 'A more urgent order wants' : `${orders} more urgent orders want`} ${counted(units, 'unit')} first.`,
  'wait.reserved_for': ({ order, warehouse, quantity, parcel, state }, say) =>
    `${quantity} in ${warehouse} ${quantity === 1 ? 'is' : 'are'} set aside for order ${order} (parcel ${parcel}, ${say.states[shipmentWords[state]]}).`,
  'wait.reserved_more': ({ orders, units }) => `${units} more for ${counted(orders, 'other order')}.`,
  'wait.expected': ({ warehouse, quantity, at }, say) => `${quantity} are expected in ${warehouse} on ${say.day(at)}.`,
  'wait.none_expected': () => 'No delivery of it is announced.',
  'wait.rule': () =>
    'Scarce goods go to the order with the higher priority, then the earlier date to ship by, then the earlier payment, then the earlier order.',

  'money.lines': ({ amount }, say) => `Goods: ${say.money(amount)}`,
  'money.shipping': ({ amount }, say) => `plus shipping: ${say.money(amount)}`,
  'money.tax_added': ({ amount }, say) => `plus tax: ${say.money(amount)}`,
  'money.discounts': ({ amount }, say) => `less discounts: ${say.money(amount)}`,
  'money.residual': ({ amount }, say) =>
    `difference between what was charged and these parts (rounding or an undeclared fee): ${say.money(amount)}`,
  'money.total': ({ amount, shop }, say) => `= charged by ${shop}: ${say.money(amount)}`,
  'money.exact': ({ exact, currency }) => `Exactly it was ${currency} ${exact}, rounded once`,
  'money.tax_included': ({ amount }, say) => `Of this, tax: ${say.money(amount)}`,
  'money.receivable': ({ amount, platform }, say) =>
    `The platform pays ${say.money(platform)} of the discount, so you get ${say.money(amount)}`,
  'money.paid': ({ amount }, say) => `Paid by the buyer: ${say.money(amount)}`,
  'money.refunded': ({ amount }, say) => `Paid back: ${say.money(amount)}`,
};
