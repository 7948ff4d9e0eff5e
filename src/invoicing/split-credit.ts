import { cumulativeShare, Fault, minorUnits } from '../kernel/index.ts';
import type { InvoiceContent, TaxGroup } from './content.ts';

type Amounts = { readonly groups: readonly TaxGroup[]; readonly residualMinor: number };

/**
 * What part of an invoice a credit note takes back: the difference of two cumulative allocations, of `upTo` and of `before`
 * (DESIGN §4). Its parts sum to `upTo − before` exactly, never fall below nothing, and notes that credit the whole sum to the
 * invoice part by part, whatever their number. Throws Fault `invoice.cannot_be_divided` where a part is negative and only a
 * share is credited, `invoice.credited_too_much` beyond the total.
 */
export function splitCredit(content: InvoiceContent, before: number, upTo: number): Amounts {
  const total = content.totalMinor;
  if (before < 0 || upTo <= before || upTo > total) {
    throw new Fault('invalid', 'invoice.credited_too_much', { data: { totalMinor: total, before, upTo } });
  }
  if (before === 0 && upTo === total) return { groups: content.taxGroups, residualMinor: content.residualMinor };
  const parts = flatten(content);
  const low = allocate(before, parts);
  const high = allocate(upTo, parts);
  return unflatten(
    content,
    high.map((amount, index) => minorUnits(amount - (low[index] ?? 0))),
  );
}

/** Peels off one part after another: each allocation grows with `amount`, so that no difference is negative. */
function allocate(amount: number, parts: readonly number[]): number[] {
  let rest = amount;
  let left = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => {
    const share = left === 0 ? 0 : cumulativeShare(part, rest, left);
    rest -= share;
    left -= part;
    return share;
  });
}

/** Net, then taxes, group by group; the residual last. A negative residual comes off the largest net. */
function flatten(content: InvoiceContent): number[] {
  const parts = content.taxGroups.flatMap((group) => [group.netMinor, ...group.taxes.map((tax) => tax.taxMinor)]);
  const whole = [...parts, Math.max(0, content.residualMinor)];
  const largest = whole.indexOf(Math.max(...whole));
  const lessened = whole.map((part, index) => (index === largest ? part + Math.min(0, content.residualMinor) : part));
  if (lessened.some((part) => part < 0)) {
    throw new Fault('invalid', 'invoice.cannot_be_divided', {
      message: 'a part of the invoice is negative: credit it as a whole',
    });
  }
  return lessened;
}

function unflatten(content: InvoiceContent, amounts: readonly number[]): Amounts {
  let next = 0;
  const take = (): number => amounts[next++] ?? 0;
  const groups = content.taxGroups.map((group) => ({
    netMinor: take(),
    taxes: group.taxes.map((tax) => ({ ...tax, taxMinor: take() })),
  }));
  return { groups, residualMinor: take() };
}
