import { Fault } from '../../kernel/index.ts';
import type { InvoiceContent, Language } from '../content.ts';
import { dayIn } from '../day-in-zone.ts';
import { groupTaxes, plainRate, type TaxedAmount } from '../group-taxes.ts';
import type { Seller } from '../seller.ts';
import type { SourceOrder } from './read-sources.ts';

export type Heading = { readonly seller: Seller; readonly language: Language; readonly now: Date };

/**
 * The invoice of an order as it stands: what was sold, and its total to the minor unit. Throws Fault
 * `invoice.does_not_add_up` where the rows of the order do not.
 */
export function soldContent(order: SourceOrder, heading: Heading): InvoiceContent {
  const { seller, language, now } = heading;
  const { currency, pricesIncludeTax, linesMinor, shippingMinor, taxMinor, discountMinor, residualMinor, totalMinor } =
    order;
  const taxGroups = groupTaxes(taxedAmounts(order), wholeOrderDiscount(order), pricesIncludeTax);
  const content: InvoiceContent = {
    format: 1,
    kind: 'invoice',
    language,
    issuedOn: dayIn(seller.timeZone, now),
    suppliedOn: order.shippedAt === null ? null : dayIn(seller.timeZone, order.shippedAt),
    order: {
      number: order.number,
      externalNumber: order.externalNumber,
      placedOn: dayIn(seller.timeZone, order.placedAt),
      shop: order.shopName,
    },
    corrects: null,
    because: null,
    reason: null,
    seller: { legalName: seller.legalName, address: seller.address, taxId: seller.taxId, bank: seller.bank },
    currency,
    pricesIncludeTax,
    lines: order.lines.map(({ title, skuCode, quantity, unitPrice, amountMinor, taxes }) => ({
      title,
      code: skuCode,
      quantity,
      unitPrice,
      taxRates: ratesOf(taxes),
      amountMinor,
    })),
    shipping: order.shipping.map(({ title, amountMinor, taxes }) => ({ title, taxRates: ratesOf(taxes), amountMinor })),
    discounts: order.discounts.map(({ title, code, amountMinor }) => ({ title, code, amountMinor })),
    taxGroups,
    linesMinor,
    shippingMinor,
    discountMinor,
    taxMinor,
    residualMinor,
    totalMinor,
  };
  checkSums(content);
  return content;
}

function taxedAmounts(order: SourceOrder): TaxedAmount[] {
  const discountOf = (lineId: string): number =>
    order.discounts.filter((each) => each.lineId === lineId).reduce((sum, each) => sum + each.amountMinor, 0);
  return [
    ...order.lines.map((line) => ({
      amountMinor: line.amountMinor - discountOf(line.lineId),
      taxes: line.taxes,
      sharesDiscounts: true,
    })),
    ...order.shipping.map(({ amountMinor, taxes }) => ({ amountMinor, taxes, sharesDiscounts: false })),
  ];
}

function wholeOrderDiscount(order: SourceOrder): number {
  return order.discounts.filter((each) => each.lineId === null).reduce((sum, each) => sum + each.amountMinor, 0);
}

function ratesOf(taxes: SourceOrder['lines'][number]['taxes']): string[] {
  return taxes.flatMap((tax) => plainRate(tax.ratePercent) ?? []);
}

/** The groups are worked out from the rows, the totals were told: both must agree. */
export function checkSums(content: InvoiceContent): void {
  const taxes = content.taxGroups.flatMap((group) => group.taxes);
  const tax = taxes.reduce((sum, each) => sum + each.taxMinor, 0);
  const net = content.taxGroups.reduce((sum, group) => sum + group.netMinor, 0);
  if (tax === content.taxMinor && net + tax + content.residualMinor === content.totalMinor) return;
  throw new Fault('invalid', 'invoice.does_not_add_up', {
    message: 'the taxes and totals of the order do not follow from its lines',
    data: { totalMinor: content.totalMinor, taxMinor: content.taxMinor, net, tax, residual: content.residualMinor },
  });
}
