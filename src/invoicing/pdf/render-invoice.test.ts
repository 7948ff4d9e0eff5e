import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { invoiceContentOf } from '../../../test/support/factories/invoice-content.ts';
import type { InvoiceContent, InvoiceReceiver } from '../content.ts';
import { openFonts } from './fonts.ts';
import { label } from './labels.ts';
import { createPrinter } from './printable.ts';
import { renderInvoice } from './render-invoice.ts';
import { splitRuns } from './split-runs.ts';
import { wrapText } from './wrap-text.ts';

const receiver: InvoiceReceiver = {
  name: '欧阳喆',
  company: '北京堃鑫科技有限公司',
  address: ['海淀区中关村大街27号院8号楼1203室', '100080 北京', 'CN'],
  isMasked: false,
};
const issuedAt = new Date('2026-11-21T08:00:00.000Z');
const print = (content: InvoiceContent) => renderInvoice({ number: 'INV-2026-000123', issuedAt, content, receiver });

/** The text of each page as another program reads it, without the breaks and spaces of the layout. */
async function textOf(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: false });
  return text.map(bare);
}
const bare = (text: string): string => text.replaceAll(/\s+/g, '');

/** All that is printed as it stands; days, figures and titles in their own shape are looked for by the test. */
function stringsOf(content: InvoiceContent): string[] {
  return [
    content.seller.legalName,
    ...content.seller.address,
    content.seller.taxId,
    ...content.seller.bank.split('\n'),
    ...content.lines.flatMap((line) => [line.title, line.code ?? '']),
    ...content.shipping.map((line) => line.title),
    ...content.discounts.map((each) => each.title),
    ...content.taxGroups.flatMap((group) => group.taxes.map((tax) => tax.title)),
    content.order.shop,
    content.order.externalNumber,
    content.issuedOn,
    receiver.name,
    receiver.company,
    ...receiver.address,
  ];
}

const rare = invoiceContentOf({
  seller: {
    legalName: '髙氏鑫源贸易（深圳）有限公司',
    address: ['深圳市南山区科技园髙新南一道8号', '518057 深圳'],
    taxId: '91440300MA5EXAMPLE',
    bank: '招商银行深圳科技园支行\n账号 755900001010101',
  },
  lines: [
    {
      title: '青花瓷茶具套装，含茶壶一把、茶杯六只、茶盘一个（景德镇手工绘制，送礼佳品）',
      code: 'TEA-6',
      quantity: 2,
      unitPrice: '1234.5',
      taxRates: ['13'],
      amountMinor: 246_900,
    },
    {
      title: '喆堃犇龘囍劐轷赇牿铴镩㎡①②“双引号”——省略……',
      code: 'RARE',
      quantity: 1,
      unitPrice: '9.90',
      taxRates: ['13'],
      amountMinor: 990,
    },
    {
      title: 'Tasse «Größe L», Łódź 上海 Škoda Ελλάδα Привет Đặng',
      code: 'MUG',
      quantity: 3,
      unitPrice: null,
      taxRates: ['6'],
      amountMinor: 3_000,
    },
  ],
  shipping: [{ title: '顺丰标快', taxRates: ['6'], amountMinor: 1_200 }],
  discounts: [{ title: '双十一满减', code: 'D11', amountMinor: 5_000 }],
  taxGroups: [
    { netMinor: 215_000, taxes: [{ title: '增值税', ratePercent: '13', taxMinor: 27_950 }] },
    { netMinor: 3_900, taxes: [{ title: '增值税', ratePercent: '6', taxMinor: 240 }] },
  ],
  linesMinor: 250_890,
  shippingMinor: 1_200,
  discountMinor: 5_000,
  taxMinor: 28_190,
  totalMinor: 247_090,
});

describe('a printed invoice in Chinese', () => {
  it('says, as another program reads it, every word it was given, and is the same bytes each time', async () => {
    const { bytes, missing } = await print(rare);
    expect(missing).toEqual([]);
    const text = (await textOf(bytes)).join('');
    for (const each of stringsOf(rare)) expect(text).toContain(bare(each));
    for (const figure of [
      'INV-2026-000123',
      '2,469.00',
      '1,234.50',
      '-50.00',
      '2,150.00',
      '279.50',
      'CNY2,470.90',
      '281.90',
      '第1页，共1页',
    ]) {
      expect(text).toContain(figure);
    }
    for (const word of ['invoice', 'billTo', 'quantity', 'taxTable', 'total'] as const)
      expect(text).toContain(label(word, 'zh-CN'));
    expect(Buffer.from(bytes).equals(Buffer.from((await print(rare)).bytes))).toBe(true);
    expect(bytes.length).toBeLessThan(400_000);
  }, 60_000);

  it('goes on over pages with its head repeated, no line lost, and both languages where the shop wants them', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => ({
      title: `第${index + 1}件商品 item-${index + 1}-end 𠮷`,
      code: `SKU-${index + 1}`,
      quantity: index + 1,
      unitPrice: '1.00',
      taxRates: [],
      amountMinor: 100,
    }));
    const { bytes, missing } = await print(
      invoiceContentOf({ language: 'both', lines, totalMinor: 6_000, linesMinor: 6_000 }),
    );
    expect(missing).toEqual(['U+20BB7']);
    const pages = await textOf(bytes);
    expect(pages.length).toBeGreaterThan(2);
    for (const [index, page] of pages.entries()) expect(page).toContain(`Page${index + 1}of${pages.length}`);
    for (const page of pages.filter((each) => each.includes('SKU-')))
      expect(page).toContain(`${label('item', 'zh-CN')}Description`);
    const text = pages.join('');
    for (let index = 1; index <= 60; index += 1) expect(text).toContain(`第${index}件商品item-${index}-end〓`);
    expect(text).toContain('replaced:U+20BB7');
  }, 60_000);

  it('of a credit note names the invoice it corrects, why, and only its share', async () => {
    const { bytes } = await print(
      invoiceContentOf({
        kind: 'credit_note',
        language: 'en',
        corrects: { number: 'INV-2026-000007', issuedOn: '2026-11-01' },
        because: 'refund',
        reason: '杯子破损',
        lines: [],
        suppliedOn: null,
      }),
    );
    const text = (await textOf(bytes)).join('');
    for (const each of ['Creditnote', 'INV-2026-000007(2026-11-01)', 'Refund:杯子破损', 'TotalcreditedCNY10.00']) {
      expect(text).toContain(each);
    }
    expect(text).not.toContain('瓷杯');
  }, 60_000);
});

describe('names of Europe and of China on one line', () => {
  const names = [
    'Łódź 上海 Škoda Ελλάδα Привет Đặng',
    'Zażółć gęślą jaźń; Žluťoučký kůň; Çağrı Şişli İstanbul',
    'Timișoara, Țepeș; Őrség, Hódmezővásárhely; Nguyễn Thị Tường Vy',
    '人民路 Ґанок, Љубљана; Αθήνα, Ξάνθη: 10 €, 20 ₴, 30 ₺',
  ];

  it('are read back as they were written, whatever was printed before', async () => {
    // The radical is the same picture as the ideograph, and would lend it its code.
    await print(invoiceContentOf({ order: { ...invoiceContentOf().order, shop: '\u2F08' } }));
    const content = invoiceContentOf({ seller: { legalName: 'Žižkov s.r.o.', address: names, taxId: '', bank: '' } });
    const first = await print(content);
    expect(first.missing).toEqual([]);
    const read = await extractText(await getDocumentProxy(new Uint8Array(first.bytes)), { mergePages: true });
    for (const name of ['Žižkov s.r.o.', ...names]) expect(read.text.replaceAll(/\s+/g, ' ')).toContain(name);
    expect(Buffer.from((await print(content)).bytes).equals(Buffer.from(first.bytes))).toBe(true);
  }, 60_000);

  it('take the Latin face for what it has and the Han face for the rest, quotes and dashes by the company they keep', () => {
    const { regular } = openFonts();
    const runs = (text: string) =>
      splitRuns(text, regular).map((run) => `${run.face === regular.han ? 'han' : 'latin'} ${run.text}`);
    expect(runs('Łódź 上海3店')).toEqual(['latin Łódź ', 'han 上海', 'latin 3', 'han 店']);
    expect(runs('“Größe” – x')).toEqual(['latin “Größe” – x']);
    expect(runs('“双引号”——')).toEqual(['han “双引号”——']);
    expect(runs('x\u0323\u0302')).toEqual(['latin x\u0323\u0302']);
  });
});

describe('a text longer than its column', () => {
  const ten = (piece: string): number => piece.length * 10;

  it('breaks Latin at spaces, Chinese anywhere but before a stop, and what has no place to break between characters', () => {
    expect(wrapText('Škoda auto Praha', 100, ten)).toEqual(['Škoda auto', 'Praha']);
    expect(wrapText('上海贸易有限公司，北京', 80, ten)).toEqual(['上海贸易有限公', '司，北京']);
    expect(wrapText('ab 0123456789012', 60, ten)).toEqual(['ab', '012345', '678901', '2']);
    expect(wrapText('', 60, ten)).toEqual([]);
  });
});

describe('what no font has', () => {
  it('is marked and named; what has no picture needs none, and an accent joins its letter', () => {
    const fonts = openFonts();
    const printer = createPrinter((codePoint) => fonts.has(codePoint));
    expect(printer.print('a\u200Bb\tc\u0000d')).toBe('ab c d');
    expect(printer.print('e\u0301')).toBe('é');
    expect(printer.print('Łódź')).toBe('Łódź');
    expect(printer.print('𠮷野家 ١ 𠮷')).toBe('〓野家 〓 〓');
    expect(printer.missing()).toEqual(['U+0661', 'U+20BB7']);
  });

  it('is nothing of GB 2312, nor of the 20,902 first ideographs', () => {
    const fonts = openFonts();
    const lacking: string[] = [];
    const decoder = new TextDecoder('gb18030');
    for (let high = 0xb0; high <= 0xf7; high += 1) {
      for (let low = 0xa1; low <= 0xfe; low += 1) {
        const character = decoder.decode(Uint8Array.of(high, low));
        const isIdeograph = /^\p{Script=Han}$/u.test(character);
        if (isIdeograph && !fonts.has(character.codePointAt(0) ?? 0)) lacking.push(character);
      }
    }
    for (let codePoint = 0x4e00; codePoint <= 0x9fa5; codePoint += 1) {
      if (!fonts.has(codePoint)) lacking.push(String.fromCodePoint(codePoint));
    }
    expect(lacking).toEqual([]);
    expect(fonts.has(0x20bb7)).toBe(false);
  });
});
