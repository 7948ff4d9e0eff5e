import { create, type Font, type Glyph, type GlyphPosition } from 'fontkit';

/** A font file as pdfkit embeds it, parsed once a process and shared by all documents. */
export type Face = {
  /** Of the file: pdfkit knows the face by it. */
  readonly name: string;
  readonly font: Font;
  has(codePoint: number): boolean;
};

type PlacedGlyph = Pick<Glyph, 'id' | 'advanceWidth' | 'codePoints'>;
type Run = {
  readonly glyphs: PlacedGlyph[];
  readonly positions: GlyphPosition[];
  readonly advanceWidth: number;
};

/** A ligature would be one picture of several letters, and break where a line breaks. */
const features = { liga: false, clig: false, dlig: false, calt: false };

const wordsKeptMax = 2_000;

/**
 * `isShaped` kerns and places accents by the font's own tables; Chinese needs neither. fontkit gives a glyph the characters it
 * was first asked for and keeps them, so that a document's text would depend on the ones printed before: each run here names
 * its own.
 */
export function openFace(file: Buffer, isShaped: boolean): Face {
  const parsed = create(file);
  if (!('layout' in parsed)) throw new Error('a collection of fonts is no face');
  const shape = remember((text) => shapedRun(parsed, text));
  const layOut = (text: string): Run => (isShaped ? shape(text) : plainRun(parsed, text));
  const font: Font = Object.create(parsed, { layout: { value: layOut } });
  return { name: parsed.postscriptName, font, has: (codePoint) => parsed.hasGlyphForCodePoint(codePoint) };
}

/** Shaping is a third of the work, and invoices say the same words. pdfkit scales the positions it is given. */
function remember(shape: (text: string) => Run): (text: string) => Run {
  const known = new Map<string, Run>();
  return (text) => {
    const run = known.get(text) ?? shape(text);
    if (known.size >= wordsKeptMax) known.clear();
    known.set(text, run);
    return { ...run, positions: run.positions.map((position) => ({ ...position })) };
  };
}

function shapedRun(font: Font, text: string): Run {
  const codePoints = codePointsOf(text);
  const { glyphs, positions } = font.layout(text, features);
  if (glyphs.length !== codePoints.length) return plainRun(font, text);
  return runOf(
    glyphs.map(({ id, advanceWidth }, index) => ({ id, advanceWidth, codePoints: codePoints.slice(index, index + 1) })),
    positions,
  );
}

function plainRun(font: Font, text: string): Run {
  const glyphs = codePointsOf(text).map((codePoint) => {
    const { id, advanceWidth } = font.glyphForCodePoint(codePoint);
    return { id, advanceWidth, codePoints: [codePoint] };
  });
  return runOf(
    glyphs,
    glyphs.map(({ advanceWidth }) => ({ xAdvance: advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 })),
  );
}

function runOf(glyphs: PlacedGlyph[], positions: GlyphPosition[]): Run {
  return { glyphs, positions, advanceWidth: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0) };
}

function codePointsOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}
