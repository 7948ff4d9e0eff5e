import type { Language } from '../content.ts';

/** Every word that a document prints, in both languages. */
const words = {
  invoice: { en: 'Invoice', 'zh-CN': '商业发票' },
  creditNote: { en: 'Credit note', 'zh-CN': '贷记通知单' },
  number: { en: 'Number', 'zh-CN': '编号' },
  issuedOn: { en: 'Date', 'zh-CN': '开具日期' },
  suppliedOn: { en: 'Supplied on', 'zh-CN': '发货日期' },
  order: { en: 'Order', 'zh-CN': '订单号' },
  placedOn: { en: 'Ordered on', 'zh-CN': '下单日期' },
  shop: { en: 'Shop', 'zh-CN': '店铺' },
  corrects: { en: 'Corrects invoice', 'zh-CN': '对应发票' },
  because: { en: 'Reason', 'zh-CN': '原因' },
  refund: { en: 'Refund', 'zh-CN': '退款' },
  cancel: { en: 'Order cancelled', 'zh-CN': '订单取消' },
  edit: { en: 'Order changed; a new invoice follows', 'zh-CN': '订单变更，另开新票' },
  billTo: { en: 'Bill to', 'zh-CN': '购买方' },
  seller: { en: 'Seller', 'zh-CN': '销售方' },
  taxId: { en: 'Tax ID', 'zh-CN': '税号' },
  bank: { en: 'Payment details', 'zh-CN': '收款信息' },
  position: { en: 'No.', 'zh-CN': '序号' },
  item: { en: 'Description', 'zh-CN': '商品名称' },
  quantity: { en: 'Qty', 'zh-CN': '数量' },
  unitPrice: { en: 'Unit price', 'zh-CN': '单价' },
  taxRate: { en: 'Tax', 'zh-CN': '税率' },
  amount: { en: 'Amount', 'zh-CN': '金额' },
  lines: { en: 'Items', 'zh-CN': '商品金额' },
  credited: { en: 'Credited, without tax', 'zh-CN': '贷记金额（不含税）' },
  shipping: { en: 'Shipping', 'zh-CN': '运费' },
  discount: { en: 'Discount', 'zh-CN': '优惠' },
  tax: { en: 'Tax', 'zh-CN': '税额' },
  taxIncluded: { en: 'Tax included', 'zh-CN': '其中税额' },
  residual: { en: 'Rounding of the shop', 'zh-CN': '店铺尾差' },
  total: { en: 'Total', 'zh-CN': '合计' },
  totalCredited: { en: 'Total credited', 'zh-CN': '贷记合计' },
  taxTable: { en: 'Taxes', 'zh-CN': '税额明细' },
  net: { en: 'Net', 'zh-CN': '不含税金额' },
  untaxed: { en: 'Without tax', 'zh-CN': '未计税' },
  missing: { en: 'Not in the fonts, replaced', 'zh-CN': '字体缺字，已替换' },
  masked: { en: 'as the shop shows it', 'zh-CN': '按平台脱敏信息' },
} as const satisfies Record<string, Record<'en' | 'zh-CN', string>>;

export type Word = keyof typeof words;

/** Both languages stand beside each other, Chinese first. */
export function label(word: Word, language: Language): string {
  const { en, 'zh-CN': zh } = words[word];
  if (language === 'en') return en;
  return language === 'zh-CN' ? zh : `${zh} ${en}`;
}

export function pageOf(page: number, pages: number, language: Language): string {
  const en = `Page ${page} of ${pages}`;
  const zh = `第 ${page} 页，共 ${pages} 页`;
  if (language === 'en') return en;
  return language === 'zh-CN' ? zh : `${zh}  ${en}`;
}
