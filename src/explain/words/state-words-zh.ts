import type { StateWords } from './state-words.ts';

export const stateWordsZh: StateWords = {
  superseded: '已由拆分单取代',
  unpaid: '未付款',
  authorised: '已授权',
  paid: '已付款',
  open: '待发货',
  partlyShipped: '部分发货',
  shipped: '已发货',
  cancelled: '已取消',

  holdUnpaid: '未付款',
  holdUnmapped: '商品未匹配',
  holdAddress: '地址异常',
  holdApproval: '待审核',
  holdFraud: '风控',
  holdRefundAsked: '申请退款',
  holdCancelAsked: '申请取消',
  holdManual: '人工挂起',

  parcelPlanned: '待下发',
  parcelReleased: '已下发',
  parcelPicked: '已拣货',
  parcelPacked: '已打包',
  parcelLabelled: '已打单',
  parcelShipped: '已发货',
  parcelCancelled: '已取消',

  chosenAll: (warehouse) => `选中 ${warehouse}：货品齐全。`,
  chosenPart: (warehouse, lacks) => `选中 ${warehouse}：发出现有部分（${lacks}）。`,
  rejectedNone: (warehouse) => `${warehouse}：无货。`,
  rejectedLess: (warehouse, lacks) => `${warehouse}：库存不足（${lacks}）。`,
  rejectedSpare: (warehouse) => `${warehouse}：无需动用。`,
  lack: (sku, free, wanted) => `${sku} 需 ${wanted} 有 ${free}`,
  listComma: '、',
  sentenceGap: '',
};
