import type { ListingSentences } from '../listing-sentences.ts';
import type { WordsOf } from '../sentences.ts';

export const zhListing: WordsOf<ListingSentences> = {
  'listing.title': ({ title, listing, sku, shop }) =>
    `${shop}的“${title}” · 平台商品${listing}${sku === null ? '' : ` · SKU ${sku}`}`,

  'heading.number': ({ now }, say) => `数量怎么来的（截至${say.at(now)}）`,
  'heading.places': () => '平台各库位显示',
  'heading.channel': () => '推送与回读',

  'shown.in_step': ({ shop, quantity }) => `${shop}显示可售${quantity}，数量正确。`,
  'shown.told_unread': ({ shop, quantity }) => `已向${shop}推送${quantity}，尚未回读核对。`,
  'shown.drift': ({ shop, seen, quantity }) => `${shop}显示${seen}，正确数量应为${quantity}。`,
  'shown.behind': ({ shop, told, quantity }) =>
    told === null
      ? `正确数量应为${quantity}，但还没有推送过${shop}。`
      : `正确数量应为${quantity}，上次向${shop}推送的是${told}。`,
  'shown.unmapped': () => '尚未指定对应哪个 SKU，因此不推送数量。',
  'shown.proposed': ({ sku }) => `按编码或条码看，可能是 SKU ${sku}。`,
  'shown.not_pushed': ({ shop, seen }) => `${shop}未开启库存推送。${seen === null ? '' : `上次回读时它显示${seen}。`}`,
  'shown.untracked': ({ shop }) => `${shop}不管理该商品的库存，因此不推送数量。`,
  'shown.inactive': ({ shop }) => `该商品在${shop}未上架，因此不推送数量。`,
  'shown.cannot': ({ shop }) => `${shop}所在的平台不接受库存推送。`,

  'term.level': ({ warehouse, onHand, reserved, free }) =>
    `${warehouse}：在库${onHand} − 包裹已占用${reserved} = ${free}`,
  'term.no_warehouse': ({ shop }) => `没有仓库为${shop}供货：0`,
  'term.claim': ({ shop, isOwn, units, orders }) =>
    `− ${units}：${shop}${isOwn ? '' : '（共用仓库）'}已售出、尚未占用（${orders}个订单）`,
  'term.no_claim': () => '− 0：没有已售出而尚未占用的货品',
  'term.promise': ({ units }) => (units < 0 ? `= −${-units}：售出多于库存` : `= 还可出售 ${units}件`),
  'term.oversold': () => '推送数量最低为 0。',
  'term.multiplier': ({ promised, multiplier, quantity, leftOver }) =>
    `÷ 每份${multiplier}件：${promised} ÷ ${multiplier} = ${quantity}${leftOver === 0 ? '' : `，余${leftOver}件`}`,
  'term.saleable': ({ quantity }) => `= 买家可买${quantity}`,
  'term.add_back': ({ open, inFlight, units, shop }) =>
    `+ ${units}：在此售出、尚未显示发货的数量，${shop}会自行扣减${
      inFlight === 0 ? '' : `（共${open}，减去正在回传的${inFlight}）`
    }`,
  'term.sent': ({ quantity, shop }) => `= 向${shop}推送${quantity}`,
  'term.location': ({ location, warehouse, quantity }) => `${location}（${warehouse}）：${quantity}`,

  'told.at': ({ quantity, at }, say) => `上次推送${say.at(at)}：可售${quantity}。`,
  'told.never': () => '从未推送。',
  'seen.at': ({ quantity, at }, say) => `上次回读${say.at(at)}：可售${quantity}。`,
  'seen.before': ({ quantity, at }, say) => `上次回读${say.at(at)}（早于推送）：可售${quantity}。`,
  'seen.never': () => '从未回读。',

  'why.shop_paused': ({ shop }) => `${shop}已在这里暂停，不再推送。`,
  'why.shop_removed': ({ shop }) => `${shop}已在这里移除，不再推送。`,
  'why.shop_resting': ({ shop, until, words, times }, say) =>
    `${shop}连续失败${times}次${words === null ? '' : `（${say.fault(words)}）`}，${say.at(until)}之前不再调用。`,
  'why.location_unmapped': ({ locations }, say) =>
    `尚未指定${say.list(locations.map((location) => `“${location}”`))}对应哪个仓库，因此停止推送，以免那里的货被看不见地卖出。`,
  'why.refused': ({ shop, words, times, at }, say) =>
    `${shop}没有接受该数量：${say.fault(words)}（${times}次）。将于${say.at(at)}重试。`,
  'why.drift_told_again': ({ shop, at }, say) =>
    `${shop}显示的数量与推送的不一致，可能有人在那里手工改过。将于${say.at(at)}重新推送。`,
  'why.rises': ({ shop, waiting }) =>
    `数量将上调。为避免重复售出，先读取${shop}的新订单${waiting === 0 ? '' : `，还有${waiting}份资料待处理`}。`,
  'why.on_its_way': () => '新数量即将推送。',

  'next.fine': () => '无需处理。',
  'next.wait': () => '无需处理，系统会自动推送。',
  'next.push_on': ({ shop }) => `确认商品匹配无误后开启（wharf shop push-stock "${shop}" on）。`,
  'next.map_listing': ({ listing }) => `请指定对应的 SKU（wharf listing map ${listing} --sku CODE）。`,
  'next.accept_listing': ({ listing, shop }) => `如果正确，请确认（wharf listing accept "${shop}" ${listing}）。`,
  'next.map_location': ({ shop }) => `请指定各库位对应的仓库（wharf shop locations "${shop}" --map 库位=CODE）。`,
  'next.refused': ({ shop }) => `请在${shop}上查看该商品，可能已删除、锁定或换了类型。`,
  'next.resume_shop': ({ shop }) => `请恢复店铺（wharf shop resume "${shop}"）。`,
  'next.drift': ({ shop }) => `如果反复出现，请查明是谁或什么程序在改${shop}的库存。`,
};
