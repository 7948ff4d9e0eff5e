import type { InvoiceContent, InvoiceReceiver } from '../content.ts';
import { drawHeading } from './draw-heading.ts';
import { drawLines } from './draw-lines.ts';
import { drawSums } from './draw-sums.ts';
import { label, pageOf } from './labels.ts';
import { ink, inner, openPaper, page, type Paper } from './paper.ts';

export type PrintedInvoice = {
  readonly bytes: Uint8Array;
  /** Code points that no font has, shown as 〓: `U+20BB7`. */
  readonly missing: readonly string[];
};

export type InvoiceToPrint = {
  readonly number: string;
  readonly issuedAt: Date;
  readonly content: InvoiceContent;
  readonly receiver: InvoiceReceiver | null;
};

/** The PDF of a document (A4, fonts embedded as subsets). Made when asked for: the same document gives the same bytes. */
export async function renderInvoice(invoice: InvoiceToPrint): Promise<PrintedInvoice> {
  const { content, number, receiver } = invoice;
  const title = `${label(content.kind === 'invoice' ? 'invoice' : 'creditNote', content.language)} ${number}`;
  const paper = openPaper({ title, author: content.seller.legalName, createdAt: invoice.issuedAt });
  const top = drawHeading(paper, content, number, receiver);
  drawSums(paper, content, await drawLines(paper, content, top));
  const missing = paper.printer.missing();
  drawFooters(paper, content, number, missing);
  return { bytes: await paper.finish(), missing };
}

function drawFooters(paper: Paper, content: InvoiceContent, number: string, missing: readonly string[]): void {
  const { count } = paper.pdf.bufferedPageRange();
  const y = page.height - page.bottom + 22;
  const style = { size: 8, color: ink.soft } as const;
  for (let index = 0; index < count; index += 1) {
    paper.pdf.switchToPage(index);
    paper.rule(y - 6);
    paper.write(number, inner.left, y, inner.width / 2, style);
    paper.write(pageOf(index + 1, count, content.language), inner.left, y, inner.width, { ...style, align: 'right' });
    if (missing.length > 0 && index === count - 1) {
      const shown = missing.slice(0, 12).join(', ') + (missing.length > 12 ? ' …' : '');
      paper.write(`${label('missing', content.language)}: ${shown}`, inner.left, y + 12, inner.width, {
        ...style,
        size: 7,
      });
    }
  }
}
