/** Printed for a character that no font has: the mark that Chinese and Japanese type-setters use. */
const missingMark = '〓';

export type Printer = {
  /** The text as the fonts can print it. */
  print(text: string): string;
  /** Characters that they could not, each once, by code point: `U+20BB7`. */
  missing(): string[];
};

/** Line breaks and tabs become spaces; what has no picture at all (zero width, direction marks) needs none. */
const breaks = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const invisible = /\p{Cf}|\p{Variation_Selector}/gu;
const mark = /\p{Mark}/u;

/** Replaces what the fonts lack by a mark, and remembers it: nothing is dropped in silence. */
export function createPrinter(has: (codePoint: number) => boolean): Printer {
  const missing = new Set<number>();
  const replace = (character: string): string => {
    const codePoint = character.codePointAt(0) ?? 0;
    if (has(codePoint)) return character;
    missing.add(codePoint);
    return missingMark;
  };
  return {
    print(text) {
      const plain = text.replaceAll(breaks, ' ').replaceAll(invisible, '');
      // A letter and its accent are mostly one character of the font, better drawn than the two.
      return Array.from(mark.test(plain) ? plain.normalize('NFC') : plain, replace).join('');
    },
    missing: () =>
      [...missing]
        .sort((a, b) => a - b)
        .map((codePoint) => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`),
  };
}
