import type { Money } from '../../kernel/index.ts';
import type { ReturnDetail } from '../../returns/index.ts';
import { point, type Point, type Section } from '../explanation.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import { wordsOf } from '../words/words-of.ts';
import { warehouseOf } from './naming.ts';
import type { OrderFacts } from './order-facts.ts';
import { verdict, type Verdict } from './verdict.ts';

type RefundDetail = ReturnDetail['refunds'][number];

/** Goods that came back or should, and what was decided about them. */
export function tellReturns(facts: OrderFacts): Section<Sentence> | null {
  if (facts.returns.length === 0) return null;
  return {
    heading: tell('heading.returns', nothing),
    points: facts.returns.map((one) => tellReturn(facts, one)),
  };
}

function tellReturn(facts: OrderFacts, one: ReturnDetail): Point<Sentence> {
  const titles = new Map(one.lines.map((line) => [line.returnLineId, line.title]));
  const head = tell('return.head', {
    number: one.number,
    items: one.lines.map(({ title, quantity }) => ({ title, quantity })),
    isByChannel: one.source === 'channel_refund',
    reason: one.reason === '' ? null : one.reason,
    shop: facts.shop.name,
  });
  return point(
    head,
    [
      ...one.decisions.map(({ returnLineId, quantity, decision, warehouseId }) =>
        tell('return.decided', {
          title: titles.get(returnLineId) ?? '?',
          quantity,
          decision,
          warehouse: warehouseId === null ? null : warehouseOf(facts, warehouseId),
        }),
      ),
      ...(one.state === 'open' ? [tell('return.waits', { units: one.waitingUnits })] : []),
      ...(one.state === 'withdrawn' ? [tell('return.withdrawn', nothing)] : []),
      ...one.refunds.map((refund) => tellRefund(facts, refund)),
    ],
    one.createdAt,
  );
}

function tellRefund({ order, shop }: OrderFacts, { state, amountMinor, cause }: RefundDetail): Sentence {
  const amount: Money = { minor: amountMinor, currency: order.currency };
  switch (state) {
    case 'made':
    case 'settled':
      return tell('return.refund_made', { amount });
    case 'asked':
    case 'pending':
      return tell('return.refund_asked', { amount, shop: shop.name });
    case 'refused':
      return tell('return.refund_refused', { amount, shop: shop.name, words: wordsOf(cause) });
    case 'failed':
      return tell('return.refund_failed', { amount, shop: shop.name });
  }
}

/** Returns that wait for somebody. */
export function tellWaitingReturns({ returns }: OrderFacts): Verdict[] {
  return returns
    .filter((one) => one.state === 'open')
    .map(({ number, waitingUnits }) =>
      verdict(tell('stand.return_waits', { number, units: waitingUnits }), tell('next.decide_return', { number })),
    );
}

/** Invoices and the credit notes that correct them. */
export function tellInvoices({ invoices }: OrderFacts): Section<Sentence> | null {
  if (invoices.length === 0) return null;
  const points = invoices.map(({ number, totalMinor, currency, corrects, issuedAt }) => {
    const amount = { minor: totalMinor, currency };
    const sentence =
      corrects === null
        ? tell('invoice.issued', { number, amount })
        : tell('invoice.credited', { number, amount, corrects });
    return point(sentence, [], issuedAt);
  });
  return { heading: tell('heading.invoices', nothing), points };
}
