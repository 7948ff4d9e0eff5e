import type { InvoiceContent, InvoiceReceiver } from '../content.ts';
import { label, type Word } from './labels.ts';
import { ink, inner, page, type Paper } from './paper.ts';

const gap = 24;
const column = (inner.width - gap) / 2;

/** Who, what, when, to whom; gives where the lines may begin. */
export function drawHeading(
  paper: Paper,
  content: InvoiceContent,
  number: string,
  receiver: InvoiceReceiver | null,
): number {
  const { language, seller } = content;
  const title = label(content.kind === 'invoice' ? 'invoice' : 'creditNote', language);
  const right = inner.left + column + gap;
  let left = page.top + paper.write(seller.legalName, inner.left, page.top, column, { size: 13, bold: true }) + 3;
  for (const line of [...seller.address, ...taxIdLine(content)]) {
    left += paper.write(line, inner.left, left, column, { color: ink.soft });
  }
  const titled = paper.write(title, right, page.top - 2, column, {
    size: 20,
    bold: true,
    align: 'right',
    color: ink.accent,
  });
  const facts = drawFacts(paper, content, number, right, page.top + titled + 6);
  const top = Math.max(left, facts) + 18;
  paper.rule(top - 9);
  let y = top + paper.write(label('billTo', language), inner.left, top, column, { size: 8, color: ink.soft });
  for (const [index, line] of receiverLines(content, receiver).entries()) {
    y += paper.write(line, inner.left, y, column + gap, index === 0 ? { bold: true, size: 10 } : {});
  }
  return y + 16;
}

function taxIdLine({ seller, language }: InvoiceContent): string[] {
  return seller.taxId === '' ? [] : [`${label('taxId', language)}: ${seller.taxId}`];
}

function receiverLines({ language }: InvoiceContent, receiver: InvoiceReceiver | null): string[] {
  if (receiver === null) return ['—'];
  const names = [receiver.company, receiver.name].filter((name) => name !== '');
  const masked = receiver.isMasked ? [`(${label('masked', language)})`] : [];
  return [...(names.length === 0 ? ['—'] : names), ...receiver.address, ...masked];
}

function drawFacts(paper: Paper, content: InvoiceContent, number: string, x: number, top: number): number {
  let y = top;
  for (const [word, value] of factsOf(content, number)) {
    const name = label(word, content.language);
    const nameWidth = column * 0.5;
    const named = paper.write(name, x, y, nameWidth, { color: ink.soft });
    const valued = paper.write(value, x + nameWidth, y, column - nameWidth, {
      align: 'right',
      bold: word === 'number',
    });
    y += Math.max(named, valued) + 1;
  }
  return y;
}

function factsOf(content: InvoiceContent, number: string): (readonly [Word, string])[] {
  const { order, corrects, because, language } = content;
  const reason = because === null ? '' : label(because, language);
  const told = content.reason === null || content.reason === '' ? reason : `${reason}: ${content.reason}`;
  const facts: (readonly [Word, string | null])[] = [
    ['number', number],
    ['issuedOn', content.issuedOn],
    ['corrects', corrects === null ? null : `${corrects.number} (${corrects.issuedOn})`],
    ['because', because === null ? null : told],
    [
      'order',
      order.externalNumber === String(order.number) ? `${order.number}` : `${order.externalNumber} (${order.number})`,
    ],
    ['shop', order.shop],
    ['placedOn', order.placedOn],
    ['suppliedOn', content.suppliedOn],
  ];
  return facts.flatMap(([word, value]) => (value === null ? [] : [[word, value] as const]));
}
