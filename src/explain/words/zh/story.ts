import type { Source } from '../data.ts';
import type { WordsOf } from '../sentences.ts';
import { holdWords, paymentWords } from '../state-words.ts';
import type { StorySentences } from '../story-sentences.ts';

const came: Readonly<Record<Source, string>> = {
  webhook: '平台推送',
  poll: '定时拉取新订单',
  read: '重新读取订单',
};

const moves = {
  planned: '退回待下发',
  released: '已下发到仓库',
  picked: '已拣货',
  packed: '已打包',
  labelled: '已打印面单',
  shipped: '已发出',
  cancelled: '已作废',
} as const;

const movesBack = {
  ...moves,
  released: '退回待拣',
  picked: '已拆包',
  packed: '面单已作废',
} as const;

const setAside = {
  older: '内容比已知的旧，没有改变任何东西',
  unreadable: '内容无法使用，需要有人查看',
  waiting: '即将处理',
} as const;

const requests = { cancel: '取消', refund: '退款' } as const;

export const zhStory: WordsOf<StorySentences> = {
  'story.placed': ({ shop }) => `买家在${shop}下单。`,
  'story.taken_in': ({ source, lines, total }, say) =>
    `订单接入${source === null ? '' : `（${came[source]}）`}：${lines}行，${say.money(total)}。`,
  'story.claimed': ({ units }) => `${units}件货品立即为它保留，各店铺不再出售。`,
  'story.claims_when_paid': ({ units, shop }) => `按${shop}的规则，付款前这${units}件仍可出售。`,
  'story.set_aside': ({ source, reason }) => `又收到一份此单资料（${came[source]}）：${setAside[reason]}。`,
  'story.paid': ({ amount }, say) => `已付款${say.money(amount)}。`,
  'story.payment_changed': ({ from, to }, say) =>
    `付款状态由“${say.states[paymentWords[from]]}”变为“${say.states[paymentWords[to]]}”。`,
  'story.hold_placed': ({ hold, note, by }, say) => {
    const why = [...(hold === 'manual' ? [] : [say.states[holdWords[hold]]]), ...(note === null ? [] : [`“${note}”`])];
    return `${by.kind === 'hub' ? '订单' : say.by(by)}挂起${why.length === 0 ? '' : `：${why.join('，')}`}。`;
  },
  'story.held_too_late': () => '订单挂起，等待人工决定已打包的货品如何处理。',
  'story.held_missing': ({ shop }) => `订单挂起：${shop}上已查不到此单。`,
  'story.hold_released': ({ hold, by }, say) =>
    `${by.kind === 'hub' ? '' : say.by(by)}解除挂起${hold === 'manual' ? '' : `“${say.states[holdWords[hold]]}”`}。`,
  'story.mapped': ({ title, sku }) => `“${title}”已匹配到 SKU ${sku}。`,

  'story.allocated': ({ chosen }, say) =>
    `完成分仓：${say.list(chosen.map(({ warehouse, items }) => `${warehouse}出${say.items(items)}`))}。`,
  'reason.chosen_all': ({ warehouse }, say) => say.states.chosenAll(warehouse),
  'reason.chosen_part': ({ warehouse, lacks }, say) => say.states.chosenPart(warehouse, say.lacks(lacks)),
  'reason.has_none': ({ warehouse }, say) => say.states.rejectedNone(warehouse),
  'reason.has_less': ({ warehouse, lacks }, say) => say.states.rejectedLess(warehouse, say.lacks(lacks)),
  'reason.not_needed': ({ warehouse }, say) => say.states.rejectedSpare(warehouse),
  'reason.by_rank': ({ warehouse, before }) => `${warehouse}：也有货，但此店铺优先用${before}。`,
  'reason.by_parcel': ({ warehouse }) => `${warehouse}：也有货，但已有计划中的包裹，可少发一个。`,
  'reason.split': ({ parcels }) => `没有一个仓库货品齐全，因此分成${parcels}个包裹。`,
  'reason.short': ({ items }, say) => `其余各仓都没有：${say.items(items)}继续等待。`,

  'story.withdrawn': ({ items, cancelled }, say) =>
    `收回货品：${say.list(items.map(({ parcel, sku, quantity }) => `包裹${parcel}的${sku} × ${quantity}`))}。${
      cancelled.length === 0 ? '' : `包裹${say.list(cancelled)}随之作废。`
    }`,
  'story.units_lost': ({ items }, say) =>
    `已占用的货品在仓库里短少：${say.list(
      items.map(({ parcel, sku, quantity, warehouse }) => `${warehouse} ${sku} × ${quantity}（包裹${parcel}）`),
    )}。这部分重新等货。`,
  'story.split': ({ from, to, items, by }, say) =>
    `${say.by(by)}拆单：${say.items(items)}从包裹${from}移到新包裹${to}。`,
  'story.merged': ({ into, from, by }, say) =>
    `${say.by(by)}合单：包裹${say.list(from)}并入包裹${into}（同一收件人）。`,
  'story.parcel_moved': ({ parcel, warehouse, to, isBack, by }, say) =>
    `${warehouse}的包裹${parcel} ${by.kind === 'token' ? say.by(by) : ''}${(isBack ? movesBack : moves)[to]}。`,
  'story.shipped': ({ parcel, warehouse, items, carrier, tracking }, say) =>
    `包裹${parcel}从${warehouse}发出：${say.items(items)}${sayTracking(carrier, tracking)}。`,
  'story.shared': ({ parcel, orders }, say) =>
    `包裹${parcel}里还有${say.list(orders.map((order) => `订单${order}`))}的货品。`,
  'story.tracking_corrected': ({ parcel, carrier, tracking, by }, say) =>
    `${say.by(by)}更正包裹${parcel}的物流信息${sayTracking(carrier, tracking)}。`,
  'story.told': ({ parcel, shop }) => `包裹${parcel}已回传${shop}，对方已接受。`,
  'story.tell_later': ({ parcel, shop }) => `包裹${parcel}里没有凑齐整件商品，暂时没有可回传${shop}的内容。`,
  'story.tell_due': ({ parcel, shop, words, at }, say) =>
    words === null
      ? `包裹${parcel}待回传${shop}。`
      : `包裹${parcel}回传${shop}未成功：${say.fault(words)}。将于${say.at(at)}重试。`,
  'story.tell_unknown': ({ parcel, shop, at }, say) =>
    `包裹${parcel}已回传${shop}，但没有收到答复。将于${say.at(at)}在那里核对此单。`,
  'story.tell_refused': ({ parcel, shop, words }, say) => `${shop}拒收包裹${parcel}的回传：${say.fault(words)}。`,

  'story.edited': ({ shop }) => `订单在${shop}上被修改：`,
  'edit.quantity': ({ title, from, to }) => `“${title}”由${from}件改为${to}件。`,
  'edit.line_added': ({ title, quantity }) => `新增“${title}”${quantity}件。`,
  'edit.line_amount': ({ title, from, to }, say) => `“${title}”金额由${say.money(from)}改为${say.money(to)}。`,
  'edit.line_other': ({ title }) => `“${title}”的其他信息，不涉及货品和金额。`,
  'edit.total': ({ from, to }, say) => `总额由${say.money(from)}改为${say.money(to)}。`,
  'edit.ship_by': ({ to }, say) => (to === null ? '不再有最晚发货时间。' : `最晚发货时间：${say.at(to)}。`),
  'edit.service': ({ to }) => (to === null ? '不再指定配送方式。' : `配送方式：${to}。`),
  'edit.note': () => '买家留言。',
  'edit.money': () => '总额的构成。',
  'edit.other': () => '其他信息，不涉及货品和金额。',
  'judged.applied': () => '无需改动任何包裹。',
  'judged.replanned': () => '尚未打包的货品已收回，重新选仓。',
  'judged.too_late': ({ items }, say) => `${say.items(items)}来不及更改：已经打包。货品留在包裹里，订单等待人工决定。`,
  'judged.units_freed': () => '尚未打包的货品已释放。',

  'story.address_changed': ({ shop }) => `收货地址在${shop}上被修改。未打包的货品已收回，重新安排包裹。`,
  'story.cancelled': ({ shop, reason }) => `在${shop}上被取消${reason === null ? '' : `，原因：“${reason}”`}。`,
  'story.reopened': ({ shop }) => `${shop}撤回了取消。`,
  'story.lines_cancelled': ({ shop, from, to }) =>
    to > from ? `${shop}上取消了${to - from}件。` : `${shop}上撤回取消${from - to}件。`,
  'story.refunded': ({ amount, total }, say) =>
    `已退款${say.money(amount)}${amount.minor === total.minor ? '' : `，累计${say.money(total)}`}。`,
  'story.refund_taken_back': ({ amount, total }, say) =>
    `退款${say.money(amount)}已撤回，累计退款为${say.money(total)}。`,
  'story.shipped_on_channel': ({ shop, units }) => `${shop}显示${units}件已发货。`,
  'story.elsewhere': ({ shop, units }) => `${shop}显示已交付的${units}件并非从这里发出，不会再发一次。`,
  'story.superseded': ({ shop, order }) =>
    order === null ? `${shop}拆分了此单。` : `${shop}拆分了此单，由订单${order}取代。`,

  'story.cancel_asked': ({ by, reason, units }, say) =>
    `${say.by(by)}申请取消${units === null ? '未发出的部分' : ` ${units}件`}：“${reason}”。`,
  'story.refund_asked': ({ by, reason, amount }, say) => `${say.by(by)}申请退款${say.money(amount)}：“${reason}”。`,
  'story.request_done': ({ request, shop }) => `${shop}已接受${requests[request]}。`,
  'story.request_refused': ({ request, shop, words }, say) =>
    `${shop}拒绝了${requests[request]}：${say.fault(words)}。`,
  'story.request_unknown': ({ request, shop, at }, say) =>
    `已向${shop}提交${requests[request]}，但没有收到答复。将于${say.at(at)}在那里核对此单。`,
  'story.noted': () => '另有一条记录，此处没有对应的说明，详见订单时间线。',
};

function sayTracking(carrier: string | null, tracking: string | null): string {
  if (tracking === null) return carrier === null ? '' : `，承运商${carrier}`;
  return carrier === null ? `，运单号${tracking}` : `，${carrier}运单号${tracking}`;
}
