import type { AfterSentences } from '../after-sentences.ts';
import type { WordsOf } from '../sentences.ts';

const fates = {
  restock: '已重新入库',
  scrap: '已退回并报废',
  none: '没有退回',
} as const;

export const zhAfter: WordsOf<AfterSentences> = {
  'story.return_opened': ({ number }) => `建立退货单 ${number}。`,
  'story.return_decided': ({ number }) => `退货单 ${number}有了处理决定。`,
  'story.return_withdrawn': ({ number }) => `退货单 ${number}已撤销。`,
  'story.return_not_ours': ({ shop }) => `${shop}显示的退货并非从本处发出，或已在其他退货单中，因此未建立退货单。`,

  'story.invoiced': ({ number }) => `已开发票 ${number}。`,
  'story.credited': ({ number }) => `已开红字发票 ${number}。`,

  'heading.returns': () => '退货',
  'return.head': ({ number, items, isByChannel, reason, shop }, say) =>
    `退货单 ${number}：${say.list(items.map(({ quantity, title }) => `“${title}” × ${quantity}`))}${
      isByChannel ? `，因${shop}已退款` : ''
    }${reason === null ? '' : `，原因：“${reason}”`}。`,
  'return.decided': ({ title, quantity, decision, warehouse }) =>
    `“${title}” × ${quantity} ${fates[decision]}${warehouse === null ? '' : `（${warehouse}）`}。`,
  'return.waits': ({ units }) => `${units}件等待处理：重新入库、报废，或未退回。`,
  'return.withdrawn': () => '已撤销，不再处理。',
  'return.refund_made': ({ amount }, say) => `已退款 ${say.money(amount)}。`,
  'return.refund_asked': ({ amount, shop }, say) => `正在向${shop}申请退款 ${say.money(amount)}。`,
  'return.refund_refused': ({ amount, shop, words }, say) =>
    `${shop}拒绝退款 ${say.money(amount)}${words === null ? '' : `：${say.fault(words)}`}。`,
  'return.refund_failed': ({ amount, shop }, say) => `${shop}未能退款 ${say.money(amount)}。`,
  'stand.return_waits': ({ number, units }) => `退货单 ${number}有 ${units}件等待处理。`,
  'next.decide_return': ({ number }) =>
    `请决定退货单 ${number}的货品如何处理（wharf return decide ${number} --help）。`,

  'heading.invoices': () => '发票',
  'invoice.issued': ({ number, amount }, say) => `发票 ${number}：${say.money(amount)}。`,
  'invoice.credited': ({ number, amount, corrects }, say) =>
    `红字发票 ${number}（冲销发票 ${corrects}）：${say.money(amount)}。`,
};
