import type { Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { openFonts } from './fonts.ts';
import { createPrinter, type Printer } from './printable.ts';
import { isChinese, splitRuns, type TextRun } from './split-runs.ts';
import { wrapText } from './wrap-text.ts';

declare global {
  namespace PDFKit.Mixins {
    interface PDFFont {
      /** pdfkit takes a font that fontkit has parsed; its types do not say so. */
      registerFont(name: string, source: Font): this;
    }
  }
}

type Pdf = InstanceType<typeof PDFDocument>;

/** A4 in points, and what is kept free at its edges. */
export const page = { width: 595.28, height: 841.89, side: 48, top: 48, bottom: 64 } as const;
export const inner = { left: page.side, right: page.width - page.side, width: page.width - 2 * page.side } as const;

export const ink = { text: '#1c2430', soft: '#667085', line: '#d0d5dd', head: '#f2f4f7', accent: '#1d4ed8' } as const;

export type Style = {
  readonly size?: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly align?: 'left' | 'right';
};

/** A page to write on: text goes where it is put, and never to another page by itself. */
export type Paper = {
  readonly pdf: Pdf;
  readonly printer: Printer;
  /** Height of the text in that width. */
  measure(text: string, width: number, style?: Style): number;
  /** Writes it and gives its height. */
  write(text: string, x: number, y: number, width: number, style?: Style): number;
  rule(y: number, color?: string, left?: number): void;
  newPage(): void;
  /** Ends the document. */
  finish(): Promise<Uint8Array>;
};

const sizeDefault = 9;
/** Of the size: an ideograph, and a letter with two accents, stand free of the line above; the same for both faces. */
const leading = 1.5;
const baseline = 1.08;

type LaidOut = { readonly lines: readonly (readonly TextRun[])[]; readonly height: number };

/** `createdAt` and `title` make its fixed id: the same writing gives the same bytes. */
export function openPaper(info: { title: string; author: string; createdAt: Date }): Paper {
  const fonts = openFonts();
  const printer = createPrinter((codePoint) => fonts.has(codePoint));
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    autoFirstPage: true,
    lang: 'zh-CN',
    info: {
      Title: info.title,
      Author: info.author,
      Creator: 'Wharf',
      Producer: 'Wharf',
      CreationDate: info.createdAt,
      ModDate: info.createdAt,
    },
  });
  for (const { latin, han } of [fonts.regular, fonts.bold]) {
    pdf.registerFont(latin.name, latin.font).registerFont(han.name, han.font);
  }
  const parts: Uint8Array[] = [];
  const ended = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on('data', (part: Uint8Array) => parts.push(part));
    pdf.on('end', () => resolve(Buffer.concat(parts)));
    pdf.on('error', reject);
  });
  const widthOf = (runs: readonly TextRun[], size: number): number =>
    runs.reduce((sum, { face, text }) => sum + pdf.font(face.name).fontSize(size).widthOfString(text), 0);
  // What is measured is written next.
  const laidOut = new Map<string, LaidOut>();
  const layOut = (text: string, width: number, { size = sizeDefault, bold = false }: Style): LaidOut => {
    const key = JSON.stringify([text, width, size, bold]);
    const known = laidOut.get(key);
    if (known !== undefined) return known;
    const printed = printer.print(text);
    const inChinese = isChinese(printed);
    const faces = bold ? fonts.bold : fonts.regular;
    const lines = wrapText(printed, width, (piece) => widthOf(splitRuns(piece, faces, inChinese), size)).map((line) =>
      splitRuns(line, faces, inChinese),
    );
    const made = { lines, height: lines.length * size * leading };
    laidOut.set(key, made);
    return made;
  };
  return {
    pdf,
    printer,
    measure: (text, width, style = {}) => layOut(text, width, style).height,
    write(text, x, y, width, style = {}) {
      const { lines, height } = layOut(text, width, style);
      const { size = sizeDefault, color = ink.text, align = 'left' } = style;
      pdf.fillColor(color);
      for (const [index, runs] of lines.entries()) {
        let at = align === 'left' ? x : x + width - widthOf(runs, size);
        for (const run of runs) {
          pdf
            .font(run.face.name)
            .fontSize(size)
            .text(run.text, at, y + size * (index * leading + baseline), { lineBreak: false, baseline: 'alphabetic' });
          at += widthOf([run], size);
        }
      }
      return height;
    },
    rule(y, color = ink.line, left = inner.left) {
      pdf.moveTo(left, y).lineTo(inner.right, y).lineWidth(0.6).strokeColor(color).stroke();
    },
    newPage() {
      pdf.addPage({ size: 'A4', margin: 0 });
    },
    finish() {
      pdf.end();
      return ended;
    },
  };
}
