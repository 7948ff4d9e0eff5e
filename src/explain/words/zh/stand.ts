import type { StandSentences } from '../stand-sentences.ts';
import type { WordsOf } from '../sentences.ts';
import { holdWords, shipmentWords } from '../state-words.ts';

const steps = {
  planned: '下发、拣货、打包并发出',
  released: '拣货、打包并发出',
  picked: '打包并发出',
  packed: '打印面单并发出',
  labelled: '交给承运商并发出',
  shipped: '无需再处理',
  cancelled: '无需再处理',
} as const;

const waysOut = {
  approval: '需要有人审核通过',
  fraud: '需要有人完成风控核查',
  refund_asked: '买家申请退款，请先处理',
} as const;

const requests = { cancel: '取消', refund: '退款' } as const;

export const zhStand: WordsOf<StandSentences> = {
  'order.title': ({ number, externalNumber, shop, total }, say) =>
    `订单${number} · ${shop}单号${externalNumber} · ${say.money(total)}`,

  'heading.stand': () => '目前状态',
  'heading.next': () => '下一步',
  'heading.lines': () => '订购内容',
  'heading.story': ({ zone }) => `经过（时间按${zone}）`,
  'heading.waits': ({ now }, say) => `在等什么（截至${say.at(now)}）`,
  'heading.money': () => '金额',

  'stand.superseded': ({ orders }, say) =>
    orders.length === 0
      ? '平台已把此单拆成多单，由拆分单取代。'
      : `平台已拆分此单，由${say.list(orders.map((order) => `订单${order}`))}取代。`,
  'stand.cancelled': ({ at, reason }, say) => `已于${say.at(at)}取消${reason === null ? '' : `，原因：“${reason}”`}。`,
  'stand.cancelled_freed': () => '没有货品再为它占用。',
  'stand.cancelled_kept': ({ parcels }, say) =>
    `但有货品已经装在包裹里：${say.list(
      parcels.map(
        ({ parcel, warehouse, state, items }) =>
          `${warehouse}的包裹${parcel}（${say.states[shipmentWords[state]]}，${say.items(items)}）`,
      ),
    )}。`,
  'stand.cancelled_shipped': ({ units }) => `其中${units}件在取消前已经发出。`,
  'stand.shipped': ({ at, parcels }, say) =>
    `${parcels.length === 1 ? `已于${say.at(at)}全部发出` : `已全部发出，最后一个包裹于${say.at(at)}发出`}：${say.list(
      parcels.map(({ parcel, warehouse }) => `${warehouse}的包裹${parcel}`),
    )}。`,
  'stand.partly_shipped': ({ shipped, of }) => `共${of}件，已发出${shipped}件。`,
  'stand.elsewhere': ({ units, shop }) => `${shop}显示有${units}件已交付，但并非从这里发出，这部分无需再发。`,
  'stand.channel_ships': ({ shop }) => `这里无需发货：由${shop}自行配送。`,
  'stand.nothing_left': () => '所有商品都已取消，没有需要发出的货品。',
  'stand.held': ({ holds, offSale }, say) =>
    `已挂起：${say.list(holds.map((hold) => say.states[holdWords[hold]]))}。${
      offSale === null
        ? '仓库暂不处理。'
        : offSale
          ? '货品已为它保留、不再出售，但仓库暂不处理。'
          : '货品目前仍可出售，仓库暂不处理。'
    }`,
  'stand.parcel': ({ parcel, warehouse, state, items }, say) =>
    `${warehouse}的包裹${parcel} ${say.states[shipmentWords[state]]}：${say.items(items)}。`,
  'stand.short': ({ items }, say) => `缺货：${say.items(items)}。`,
  'stand.assigning': ({ items }, say) => `${say.items(items)}：正在选仓。`,
  'stand.too_late': ({ parcels }, say) =>
    `打包之后才收到更改：${say.list(
      parcels.map(({ parcel, warehouse, items }) => `${warehouse}的包裹${parcel}里仍有${say.items(items)}`),
    )}。`,
  'stand.held_missing': ({ shop }) => `已挂起：${shop}上已查不到此单，仓库暂不处理。`,
  'stand.told': ({ shop, parcels }, say) => `包裹${say.list(parcels)}已回传${shop}。`,
  'stand.tell_due': ({ parcel, shop }) => `包裹${parcel}尚未回传${shop}。`,
  'stand.tell_unknown': ({ parcel, shop }) => `包裹${parcel}已回传${shop}，但没有收到答复，结果未知。`,
  'stand.tell_refused': ({ parcel, shop, words }, say) => `${shop}拒收包裹${parcel}的回传：${say.fault(words)}。`,
  'stand.request_open': ({ request, shop }) => `正在向${shop}提交${requests[request]}。`,
  'stand.request_unknown': ({ request, shop }) => `已向${shop}提交${requests[request]}，但没有收到答复，结果未知。`,
  'stand.request_refused': ({ request, shop, words }, say) =>
    `${shop}拒绝了${requests[request]}：${say.fault(words)}。`,
  'stand.unreadable': ({ shop }) => `${shop}最近发来的此单消息无法使用，以下内容可能已过时。`,
  'stand.missing': ({ shop }) => `${shop}上已查不到此单。`,

  'next.nothing': () => '无需处理，此单已完结。',
  'next.pay': ({ shop }) => `等待买家付款。${shop}显示已付款后，订单会自动继续。`,
  'next.map': ({ listings }, say) => {
    const known = listings.flatMap(({ title, listing }) =>
      listing === null ? [] : [`“${title}”（wharf listing map ${listing} --sku CODE）`],
    );
    const gone = listings.flatMap(({ title, listing, sku }) =>
      listing === null ? [`“${title}”${sku === null ? '' : `（${sku}）`}`] : [],
    );
    return [
      ...(known.length === 0 ? [] : [`请指定对应的 SKU：${say.list(known)}。`]),
      ...(gone.length === 0 ? [] : [`平台上已没有${say.list(gone)}，请按该编码新建 SKU。`]),
      '之后订单会自动继续。',
    ].join('');
  },
  'next.address': ({ shop }) => `请在${shop}上补全地址，系统重新读取后订单会自动继续。`,
  'next.review': ({ hold, order }) => `${waysOut[hold]}，然后放行（wharf order release ${order} --kind ${hold}）。`,
  'next.manual': ({ order, note }) =>
    `有人挂起了此单${note === null ? '' : `（“${note}”）`}。处理好后请放行（wharf order release ${order}）。`,
  'next.cancel_pending': ({ shop }) => `等待${shop}答复：被取消的货品会释放，保留的部分会自动继续。`,
  'next.too_late': ({ parcels, order }, say) =>
    `请决定${say.list(parcels.map((parcel) => `包裹${parcel}`))}如何处理：拆包退回，或与买家协商后照原样发出。然后放行（wharf order release ${order}）。`,
  'next.goods': ({ items, expected }, say) =>
    expected.length === 0
      ? `请补货或调货：${say.items(items)}。到货后按顺序自动分配。目前没有登记在途到货。`
      : `等待在途到货（${say.list(
          expected.map(({ quantity, sku, warehouse, at }) => `${sku} × ${quantity}，${say.day(at)}到${warehouse}`),
        )}），或另行补货。到货后按顺序自动分配。`,
  'next.no_warehouse': ({ shop }) => `没有仓库为${shop}供货，请指定（wharf shop serve "${shop}" --warehouse CODE）。`,
  'next.assigning': () => '系统会在几秒钟内自动选仓。',
  'next.parcel': ({ parcel, warehouse, state }) => `${warehouse}：包裹${parcel} ${steps[state]}。`,
  'next.unpack': ({ parcels }, say) =>
    `请拆开${say.list(parcels.map((parcel) => `包裹${parcel}`))}并把货品归位；如果必须发出，请先与买家协商。`,
  'next.tell_soon': ({ shop }) => `系统会自动回传${shop}。`,
  'next.tell_later': ({ shop, at }, say) => `系统将于${say.at(at)}再次尝试${shop}。`,
  'next.read_back': ({ shop, at }, say) => `无需人工：系统将于${say.at(at)}先在${shop}上核对此单，再决定是否重发。`,
  'next.tell_refused': ({ parcel, shop }) => `请在${shop}上查看此单，并手工填写包裹${parcel}的运单号。`,
  'next.request_refused': ({ request, shop }) => `请在${shop}上查看此单：在那里直接${requests[request]}，或重新提交。`,
  'next.shop_paused': ({ shop }) => `${shop}已在这里暂停，恢复后才能回传（wharf shop resume "${shop}"）。`,
  'next.unreadable': ({ shop }) => `请在${shop}上查看此单，并在异常列表里查看原因（wharf exception list）。`,
  'next.missing': ({ shop }) => `请确认${shop}上是否删除了此单；如已删除，请在这里手工取消。`,
  'next.held_missing': ({ shop, order }) =>
    `请确认${shop}上是否删除了此单：如已删除，请在这里手工取消；如未删除，请放行（wharf order release ${order}）。${shop}上重新出现此单后，订单会自动继续。`,
};
