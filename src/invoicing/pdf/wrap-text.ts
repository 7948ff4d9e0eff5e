// @ts-expect-error -- the package has no types of its own
import LineBreaker from 'linebreak';

/** `position` is an offset in UTF-16 units, after the spaces; null at the end. */
type Breaker = { nextBreak(): { readonly position: number } | null };

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Widths are sums of fractions. */
const slack = 0.01;

/**
 * The lines of a text in a width: letters break at spaces and hyphens, ideographs anywhere that keeps a stop off the start of a
 * line and a bracket off its end (Unicode Standard Annex 14). What is longer than a line breaks between any two characters.
 */
export function wrapText(text: string, width: number, widthOf: (piece: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  let filled = 0;
  const end = (): void => {
    if (line !== '') lines.push(line.trimEnd());
    line = '';
    filled = 0;
  };
  const add = (piece: string): void => {
    if (filled + widthOf(piece.trimEnd()) > width + slack) end();
    line += piece;
    filled += widthOf(piece);
  };
  for (const piece of piecesOf(text)) {
    if (widthOf(piece.trimEnd()) <= width + slack) add(piece);
    else {
      end();
      for (const { segment } of graphemes.segment(piece)) add(segment);
    }
  }
  end();
  return lines;
}

function piecesOf(text: string): string[] {
  const breaker: Breaker = new LineBreaker(text);
  const pieces: string[] = [];
  let start = 0;
  for (let next = breaker.nextBreak(); next !== null; next = breaker.nextBreak()) {
    pieces.push(text.slice(start, next.position));
    start = next.position;
  }
  return pieces;
}
