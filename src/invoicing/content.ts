import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * What a document says, frozen when it is numbered: minor units of `currency`, days of the company's zone. Nothing personal;
 * the receiver is sealed apart. `format` rises when the shape changes, for documents are never rewritten.
 */

export const languages = ['zh-CN', 'en', 'both'] as const;
export type Language = (typeof languages)[number];

export const sellerFields = z.object({
  legalName: z.string(),
  /** One line each. */
  address: z.array(z.string()),
  taxId: z.string(),
  /** Where to pay, or what the law wants said; may have several lines. */
  bank: z.string(),
});

const minor = z.number().int();
const day = z.string();

/** What a set of equally taxed lines costs: Σ net + Σ tax of all groups + residual = total. */
const taxGroup = z.object({
  netMinor: minor,
  taxes: z.array(z.object({ title: z.string(), ratePercent: z.string().nullable(), taxMinor: minor })),
});
export type TaxGroup = z.infer<typeof taxGroup>;

const contentLine = z.object({
  title: z.string(),
  code: z.string().nullable(),
  quantity: z.number().int(),
  /** Decimal text in major units, as the channel told it. */
  unitPrice: z.string().nullable(),
  taxRates: z.array(z.string()),
  amountMinor: minor,
});

export const invoiceContent = z.object({
  format: z.literal(1),
  kind: z.enum(['invoice', 'credit_note']),
  language: z.enum(languages),
  issuedOn: day,
  /** The day the goods left; null before, and on credit notes. */
  suppliedOn: day.nullable(),
  order: z.object({ number: z.number().int(), externalNumber: z.string(), placedOn: day, shop: z.string() }),
  corrects: z.object({ number: z.string(), issuedOn: day }).nullable(),
  /** Why money is credited, as `source` of the request; null on invoices. */
  because: z.enum(['refund', 'cancel', 'edit']).nullable(),
  reason: z.string().nullable(),
  seller: sellerFields,
  currency: z.string(),
  pricesIncludeTax: z.boolean(),
  lines: z.array(contentLine),
  shipping: z.array(z.object({ title: z.string(), taxRates: z.array(z.string()), amountMinor: minor })),
  discounts: z.array(z.object({ title: z.string(), code: z.string().nullable(), amountMinor: minor })),
  taxGroups: z.array(taxGroup),
  linesMinor: minor,
  shippingMinor: minor,
  discountMinor: minor,
  taxMinor: minor,
  residualMinor: minor,
  totalMinor: minor,
});
export type InvoiceContent = z.infer<typeof invoiceContent>;

/** Of the content in the order of its shape, which jsonb does not keep. */
export function hashContent(content: InvoiceContent): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify(invoiceContent.parse(content)))
    .digest();
}

/** To whom, with what the law wants named; phone and mail are not. `isMasked`: the channel shows no more. */
export const invoiceReceiver = z.object({
  name: z.string(),
  company: z.string(),
  /** One line each, the country's code last. */
  address: z.array(z.string()),
  isMasked: z.boolean(),
});
export type InvoiceReceiver = z.infer<typeof invoiceReceiver>;
