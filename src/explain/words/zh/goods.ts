import type { GoodsSentences } from '../goods-sentences.ts';
import type { WordsOf } from '../sentences.ts';
import { shipmentWords } from '../state-words.ts';

export const zhGoods: WordsOf<GoodsSentences> = {
  'line.mapped': ({ title, quantity, cancelled, parts }, say) =>
    `“${title}” × ${quantity}，即${say.items(parts)}${parts.some((part) => part.unitsPerLine > 1) ? `（每件含${say.list(parts.map((part) => `${part.sku} × ${part.unitsPerLine}`))}）` : ''}${
      cancelled === 0 ? '' : cancelled === quantity ? '，已取消' : `，其中${cancelled}件已取消`
    }。`,
  'line.unmapped': ({ title, quantity, listing }) =>
    listing === null
      ? `“${title}” × ${quantity}：平台上已没有该商品，这里也没有对应编码的 SKU。`
      : `“${title}” × ${quantity}：尚未指定对应哪个 SKU（平台商品${listing}）。`,
  'line.channel': ({ title, quantity, shop }) => `“${title}” × ${quantity}：由${shop}配送，不从这里发货。`,

  'wait.sku': ({ sku, quantity }) => `等待分配：${sku} × ${quantity}。`,
  'wait.held': ({ offSale }) => `订单挂起期间不参与排队${offSale ? '，但货品已为它保留、不再出售' : ''}。`,
  'wait.level': ({ warehouse, onHand, reserved, free }) =>
    `${warehouse}：在库${onHand}，包裹已占用${reserved}，可用${free}。`,
  'wait.no_warehouse': ({ shop }) => `没有仓库为${shop}供货。`,
  'wait.first': () => '再到货时，它排在第一位。',
  'wait.ahead': ({ orders, units }) => `排在它前面的有${orders}个更急的订单，共需${units}件。`,
  'wait.reserved_for': ({ order, warehouse, quantity, parcel, state }, say) =>
    `${warehouse}有${quantity}件已由订单${order}占用（包裹${parcel}，${say.states[shipmentWords[state]]}）。`,
  'wait.reserved_more': ({ orders, units }) => `另有${units}件由其他${orders}个订单占用。`,
  'wait.expected': ({ warehouse, quantity, at }, say) => `预计${say.day(at)}到货${quantity}件，入${warehouse}。`,
  'wait.none_expected': () => '没有登记在途到货。',
  'wait.rule': () => '货品不足时，依次按优先级高、最晚发货时间早、付款早、下单早的顺序分配。',

  'money.lines': ({ amount }, say) => `商品：${say.money(amount)}`,
  'money.shipping': ({ amount }, say) => `加运费：${say.money(amount)}`,
  'money.tax_added': ({ amount }, say) => `加税费：${say.money(amount)}`,
  'money.discounts': ({ amount }, say) => `减优惠：${say.money(amount)}`,
  'money.residual': ({ amount }, say) => `实际收取与以上合计的差额（尾差或未列明的费用）：${say.money(amount)}`,
  'money.total': ({ amount, shop }, say) => `= ${shop}实际收取：${say.money(amount)}`,
  'money.exact': ({ exact, currency }) => `精确金额为 ${currency} ${exact}，只四舍五入一次`,
  'money.tax_included': ({ amount }, say) => `其中含税：${say.money(amount)}`,
  'money.receivable': ({ amount, platform }, say) =>
    `优惠中平台承担${say.money(platform)}，商家应收${say.money(amount)}`,
  'money.paid': ({ amount }, say) => `买家已付：${say.money(amount)}`,
  'money.refunded': ({ amount }, say) => `已退款：${say.money(amount)}`,
};
