import { setImmediate } from 'node:timers/promises';
import type { InvoiceContent } from '../content.ts';
import { amountText, priceText, rateText } from './format-figures.ts';
import { label, type Word } from './labels.ts';
import { ink, inner, page, type Paper } from './paper.ts';

type Column = { readonly word: Word; readonly width: number; readonly align: 'left' | 'right' };

const columns = [
  { word: 'position', width: 42, align: 'left' },
  { word: 'item', width: inner.width - 42 - 48 - 78 - 52 - 84, align: 'left' },
  { word: 'quantity', width: 48, align: 'right' },
  { word: 'unitPrice', width: 78, align: 'right' },
  { word: 'taxRate', width: 52, align: 'right' },
  { word: 'amount', width: 84, align: 'right' },
] as const satisfies readonly Column[];

const pad = 4;
const bottom = page.height - page.bottom;

type Row = { readonly cells: readonly string[]; readonly note: string };

/** About 15 ms of work; others of the process have their turn after it. */
const rowsPerTurn = 10;

/** The table of lines; a page that it goes on to repeats its head. Gives where the sums may begin. */
export async function drawLines(paper: Paper, content: InvoiceContent, top: number): Promise<number> {
  const rows = rowsOf(content);
  if (rows.length === 0) return top;
  let y = drawHead(paper, content, top);
  for (const [index, row] of rows.entries()) {
    if (index % rowsPerTurn === rowsPerTurn - 1) await setImmediate();
    const height = heightOf(paper, row);
    if (y + height > bottom) {
      paper.newPage();
      y = drawHead(paper, content, page.top);
    }
    drawRow(paper, row, y);
    y += height;
    paper.rule(y);
  }
  return y + 10;
}

function rowsOf(content: InvoiceContent): Row[] {
  const { currency } = content;
  return content.lines.map((line, index) => ({
    cells: [
      String(index + 1),
      line.title,
      String(line.quantity),
      priceText(line.unitPrice),
      rateText(line.taxRates),
      amountText(line.amountMinor, currency),
    ],
    note: line.code ?? '',
  }));
}

function drawHead(paper: Paper, content: InvoiceContent, y: number): number {
  const titles = columns.map(({ word }) => label(word, content.language));
  const style = { size: 8, bold: true, color: ink.soft };
  const height =
    Math.max(...columns.map(({ width }, index) => paper.measure(titles[index] ?? '', width - pad, style))) + 2 * pad;
  paper.pdf.rect(inner.left, y, inner.width, height).fill(ink.head);
  eachCell((column, x, index) => {
    paper.write(titles[index] ?? '', x, y + pad, column.width - pad, { ...style, align: column.align });
  });
  return y + height;
}

function heightOf(paper: Paper, { cells, note }: Row): number {
  const heights = columns.map(({ width, word }, index) => {
    const height = paper.measure(cells[index] ?? '', width - pad);
    return word === 'item' ? height + paper.measure(note, width - pad, noteStyle) : height;
  });
  return Math.max(...heights) + 2 * pad;
}

const noteStyle = { size: 7.5, color: ink.soft } as const;

function drawRow(paper: Paper, { cells, note }: Row, y: number): void {
  eachCell((column, x, index) => {
    const height = paper.write(cells[index] ?? '', x, y + pad, column.width - pad, { align: column.align });
    if (column.word === 'item') paper.write(note, x, y + pad + height, column.width - pad, noteStyle);
  });
}

function eachCell(draw: (column: Column, x: number, index: number) => void): void {
  let x: number = inner.left;
  for (const [index, column] of columns.entries()) {
    draw(column, x + pad / 2, index);
    x += column.width;
  }
}
