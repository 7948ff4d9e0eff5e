import type { InvoiceContent } from '../content.ts';
import { amountText, rateText } from './format-figures.ts';
import { label } from './labels.ts';
import { ink, inner, page, type Paper } from './paper.ts';

type Sum = { readonly name: string; readonly amount: string };

const sumsLeft = inner.left + inner.width * 0.44;
const amountWidth = 110;
/** Amounts end where those of the lines end. */
const amountRight = inner.right - 2;
const rowHeight = 15;
const taxColumns = [0.5, 0.25, 0.25].map((share) => share * inner.width);

/** The way to the total, the taxes by rate, and where to pay: kept together, on a page of their own if need be. */
export function drawSums(paper: Paper, content: InvoiceContent, top: number): void {
  const sums = sumsOf(content);
  const taxes = taxRows(content);
  const bank = content.kind === 'invoice' ? content.seller.bank : '';
  const bankLines = bank.split('\n');
  const sumsHeight = sums.length * rowHeight + 34;
  const height = sumsHeight + (taxes.length + 2) * rowHeight + (bank === '' ? 0 : bankLines.length * 14 + 30);
  let y = top;
  if (y + height > page.height - page.bottom && height < page.height - page.top - page.bottom) {
    paper.newPage();
    y = page.top;
  }
  y = drawWayToTotal(paper, content, sums, y);
  y = drawTaxes(paper, content, taxes, y + 14);
  if (bank === '') return;
  y +=
    paper.write(label('bank', content.language), inner.left, y + 12, inner.width, {
      size: 8,
      bold: true,
      color: ink.soft,
    }) + 12;
  for (const line of bankLines) y += paper.write(line, inner.left, y, inner.width);
}

function sumsOf(content: InvoiceContent): Sum[] {
  const { language, currency } = content;
  const amount = (minor: number): string => amountText(minor, currency);
  const isShare = content.kind === 'credit_note' && content.lines.length === 0;
  return [
    { name: label(isShare ? 'credited' : 'lines', language), amount: amount(content.linesMinor) },
    ...content.shipping.map((line) => ({
      name: `${label('shipping', language)}: ${line.title}`,
      amount: amount(line.amountMinor),
    })),
    ...content.discounts.map((each) => ({
      name: `${label('discount', language)}: ${[each.title, each.code].filter(Boolean).join(' · ')}`,
      amount: amount(-each.amountMinor),
    })),
    ...(content.pricesIncludeTax || content.taxMinor === 0
      ? []
      : [{ name: label('tax', language), amount: amount(content.taxMinor) }]),
    ...(content.residualMinor === 0
      ? []
      : [{ name: label('residual', language), amount: amount(content.residualMinor) }]),
  ];
}

function drawWayToTotal(paper: Paper, content: InvoiceContent, sums: readonly Sum[], top: number): number {
  let y = top;
  const amountLeft = amountRight - amountWidth;
  const nameWidth = amountLeft - sumsLeft - 8;
  for (const { name, amount } of sums) {
    const named = paper.write(name, sumsLeft, y, nameWidth, { color: ink.soft });
    const told = paper.write(amount, amountLeft, y, amountWidth, { align: 'right' });
    y += Math.max(named, told) + 2;
  }
  paper.rule(y + 2, ink.text, sumsLeft);
  const word = content.kind === 'invoice' ? 'total' : 'totalCredited';
  const total = `${content.currency} ${amountText(content.totalMinor, content.currency)}`;
  const strong = { size: 12, bold: true } as const;
  const height = Math.max(
    paper.write(label(word, content.language), sumsLeft, y + 8, nameWidth, strong),
    paper.write(total, amountLeft - 60, y + 8, amountWidth + 60, { ...strong, align: 'right' }),
  );
  y += 8 + height;
  if (content.pricesIncludeTax && content.taxMinor !== 0) {
    const included = `${label('taxIncluded', content.language)}: ${amountText(content.taxMinor, content.currency)}`;
    y += paper.write(included, sumsLeft, y, amountRight - sumsLeft, { size: 8, align: 'right', color: ink.soft });
  }
  return y;
}

type TaxRow = readonly [name: string, net: string, tax: string];

/** One row a tax; the net of equally taxed lines stands with the first of theirs. */
function taxRows({ taxGroups, currency, language }: InvoiceContent): TaxRow[] {
  return taxGroups.flatMap(({ netMinor, taxes }): TaxRow[] => {
    if (taxes.length === 0) return [[label('untaxed', language), amountText(netMinor, currency), '']];
    return taxes.map(({ title, ratePercent, taxMinor }, index): TaxRow => {
      const name = ratePercent === null ? title : `${title} ${rateText([ratePercent])}`;
      return [name, index === 0 ? amountText(netMinor, currency) : '', amountText(taxMinor, currency)];
    });
  });
}

function drawTaxes(paper: Paper, { language }: InvoiceContent, rows: readonly TaxRow[], top: number): number {
  if (rows.length === 0) return top;
  const head = [label('taxTable', language), label('net', language), label('tax', language)];
  paper.pdf.rect(inner.left, top, inner.width, rowHeight + 1).fill(ink.head);
  let y = top + 3;
  for (const [index, row] of [head, ...rows].entries()) {
    const style = index === 0 ? { size: 8, bold: true, color: ink.soft } : {};
    let x: number = inner.left;
    const heights = row.map((cell, place) => {
      const width = taxColumns[place] ?? 0;
      const height = paper.write(cell, x + 2, y, width - 4, { ...style, align: place === 0 ? 'left' : 'right' });
      x += width;
      return height;
    });
    y += Math.max(...heights, 10) + 4;
    if (index > 0) paper.rule(y - 2);
  }
  return y;
}
