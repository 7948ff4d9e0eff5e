import type { Face } from './face.ts';
import type { Faces } from './fonts.ts';

export type TextRun = { readonly face: Face; readonly text: string };

const ideograph = /\p{Script=Han}/u;
/** Quotes, dashes and dots that both faces have: wide among ideographs, narrow among letters. */
const shared = /[\u00B7\u2010-\u2027\u2030-\u205E]/u;
const mark = /\p{Mark}/u;

/** Whether quotes and dashes of the text are those of Chinese. */
export function isChinese(text: string): boolean {
  return ideograph.test(text);
}

/** The stretches of one face each: the Latin one for all it has, then the Han one. An accent stays with its letter. */
export function splitRuns(text: string, faces: Faces, inChinese = isChinese(text)): TextRun[] {
  const runs: { face: Face; text: string }[] = [];
  for (const character of text) {
    const last = runs.at(-1);
    const face = last !== undefined && joins(character, last.face) ? last.face : faceOf(character, faces, inChinese);
    if (last?.face === face) last.text += character;
    else runs.push({ face, text: character });
  }
  return runs;
}

function joins(character: string, face: Face): boolean {
  return mark.test(character) && face.has(character.codePointAt(0) ?? 0);
}

function faceOf(character: string, { latin, han }: Faces, inChinese: boolean): Face {
  const codePoint = character.codePointAt(0) ?? 0;
  if (!latin.has(codePoint)) return han;
  return inChinese && shared.test(character) && han.has(codePoint) ? han : latin;
}
