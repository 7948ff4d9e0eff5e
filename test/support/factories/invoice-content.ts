import type { InvoiceContent } from '../../../src/invoicing/index.ts';

/** An invoice of ten yuan without tax; `facts` replace what they name. */
export function invoiceContentOf(facts: Partial<InvoiceContent> = {}): InvoiceContent {
  return {
    format: 1,
    kind: 'invoice',
    language: 'zh-CN',
    issuedOn: '2026-11-21',
    suppliedOn: '2026-11-20',
    order: { number: 1042, externalNumber: 'A-77120', placedOn: '2026-11-19', shop: '旗舰店' },
    corrects: null,
    because: null,
    reason: null,
    seller: { legalName: '鑫源贸易（深圳）有限公司', address: ['深圳市南山区髙新南一道8号'], taxId: '', bank: '' },
    currency: 'CNY',
    pricesIncludeTax: true,
    lines: [{ title: '瓷杯', code: 'CUP', quantity: 1, unitPrice: '10.00', taxRates: [], amountMinor: 1_000 }],
    shipping: [],
    discounts: [],
    taxGroups: [{ netMinor: 1_000, taxes: [] }],
    linesMinor: 1_000,
    shippingMinor: 0,
    discountMinor: 0,
    taxMinor: 0,
    residualMinor: 0,
    totalMinor: 1_000,
    ...facts,
  };
}
