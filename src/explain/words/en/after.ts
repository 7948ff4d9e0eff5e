import type { AfterSentences } from '../after-sentences.ts';
import type { WordsOf } from '../sentences.ts';
import { counted } from './grammar.ts';

const fates = {
  restock: 'was put back into stock',
  scrap: 'came back and was thrown away',
  none: 'did not come back',
} as const;

export const enAfter: WordsOf<AfterSentences> = {
  'story.return_opened': ({ number }) => `Return ${number} was opened.`,
  'story.return_decided': ({ number }) => `A decision was made about return ${number}.`,
  'story.return_withdrawn': ({ number }) => `Return ${number} was withdrawn.`,
  'story.return_not_ours': ({ shop }) =>
    `${shop} showed a return of goods that did not leave from here or are in another return already: no return was opened.`,

  'story.invoiced': ({ number }) => `Invoice ${number} was issued.`,
  'story.credited': ({ number }) => `Credit note ${number} was issued.`,

  'heading.returns': () => 'Returns',
  'return.head': ({ number, items, isByChannel, reason, shop }, say) =>
    `Return ${number}: ${say.list(items.map(({ quantity, title }) => `${quantity} × “${title}”`))}${
      isByChannel ? `, because ${shop} refunded it` : ''
    }${reason === null ? '' : `; reason given: “${reason}”`}.`,
  'return.decided': ({ title, quantity, decision, warehouse }) =>
    `${quantity} × “${title}” ${fates[decision]}${warehouse === null ? '' : ` in ${warehouse}`}.`,
  'return.waits': ({ units }) =>
    `${counted(units, 'item')} ${units === 1 ? 'waits' : 'wait'} for a decision: back into stock, thrown away, or not returned.`,
  'return.withdrawn': () => 'It was withdrawn, and nothing came of it.',
  'return.refund_made': ({ amount }, say) => `${say.money(amount)} were paid back.`,
  'return.refund_asked': ({ amount, shop }, say) => `${shop} is asked to pay back ${say.money(amount)}.`,
  'return.refund_refused': ({ amount, shop, words }, say) =>
    `${shop} refused to pay back ${say.money(amount)}${words === null ? '' : `: ${say.fault(words)}`}.`,
  'return.refund_failed': ({ amount, shop }, say) => `${shop} could not pay back ${say.money(amount)} after all.`,
  'stand.return_waits': ({ number, units }) =>
    `${counted(units, 'item')} of return ${number} ${units === 1 ? 'waits' : 'wait'} for a decision.`,
  'next.decide_return': ({ number }) =>
    `Say what becomes of the goods of return ${number} (wharf return decide ${number} --help).`,

  'heading.invoices': () => 'Invoices',
  'invoice.issued': ({ number, amount }, say) => `Invoice ${number}: ${say.money(amount)}.`,
  'invoice.credited': ({ number, amount, corrects }, say) =>
    `Credit note ${number} to invoice ${corrects}: ${say.money(amount)}.`,
};
