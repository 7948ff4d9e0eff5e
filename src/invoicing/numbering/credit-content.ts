import { Fault } from '../../kernel/index.ts';
import type { InvoiceContent } from '../content.ts';
import { dayIn } from '../day-in-zone.ts';
import type { RequestRow } from '../requests/request-row.ts';
import { splitCredit } from '../split-credit.ts';
import type { CorrectedInvoice } from './read-sources.ts';
import { checkSums, type Heading } from './sold-content.ts';

/**
 * The credit note of a request: the whole of an invoice with its lines, or a share of its taxed sums. Throws Fault
 * `invoice.credited_too_much`, `invoice.cannot_be_divided`.
 */
export function creditContent(request: RequestRow, corrected: CorrectedInvoice, heading: Heading): InvoiceContent {
  const { seller, language, now } = heading;
  const { amountMinor, upToMinor } = request;
  if (amountMinor === null || upToMinor === null) throw new Fault('internal', 'invoice.credit_without_amount');
  const invoice = corrected.content;
  const isWhole = amountMinor === invoice.totalMinor;
  const { groups, residualMinor } = splitCredit(invoice, upToMinor - amountMinor, upToMinor);
  const taxMinor = groups.flatMap((group) => group.taxes).reduce((sum, tax) => sum + tax.taxMinor, 0);
  const content: InvoiceContent = {
    ...invoice,
    kind: 'credit_note',
    language,
    issuedOn: dayIn(seller.timeZone, now),
    suppliedOn: null,
    corrects: { number: corrected.number, issuedOn: invoice.issuedOn },
    because: becauseOf(request),
    reason: request.reason,
    seller: { legalName: seller.legalName, address: seller.address, taxId: seller.taxId, bank: seller.bank },
    ...(isWhole ? {} : share(amountMinor - taxMinor - residualMinor)),
    taxGroups: [...groups],
    taxMinor,
    residualMinor,
    totalMinor: amountMinor,
  };
  checkSums(content);
  return content;
}

/** A share has no lines of its own: what was sold stands on the invoice. Its sum is net of tax. */
function share(netMinor: number): Partial<InvoiceContent> {
  return {
    pricesIncludeTax: false,
    lines: [],
    shipping: [],
    discounts: [],
    linesMinor: netMinor,
    shippingMinor: 0,
    discountMinor: 0,
  };
}

function becauseOf({ source }: RequestRow): 'refund' | 'cancel' | 'edit' {
  return source === 'cancel' || source === 'edit' ? source : 'refund';
}
