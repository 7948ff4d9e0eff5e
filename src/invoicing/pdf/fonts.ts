import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openFace, type Face } from './face.ts';

/** The faces of one weight, in the order they are asked for a character. */
export type Faces = { readonly latin: Face; readonly han: Face };

export type Fonts = { readonly regular: Faces; readonly bold: Faces; has(codePoint: number): boolean };

/**
 * Noto Sans (Latin with all its extensions, Greek, Cyrillic) and Noto Sans Hans (all of GB 2312, the 20,902 first ideographs of
 * Unicode, kana): drawn to stand beside each other. Both OFL-1.1.
 */
const weights = {
  regular: { latin: 'NotoSans-Regular.ttf', han: 'NotoSansHans-Regular.otf' },
  bold: { latin: 'NotoSans-Bold.ttf', han: 'NotoSansHans-Bold.otf' },
} as const;

let opened: Fonts | null = null;

/** Read and parsed once a process; 18 MB. */
export function openFonts(): Fonts {
  if (opened !== null) return opened;
  const [regular, bold] = [openFaces('regular'), openFaces('bold')];
  const covered = new Map<number, boolean>();
  const all = [regular, bold];
  opened = {
    regular,
    bold,
    has(codePoint) {
      const known = covered.get(codePoint);
      if (known !== undefined) return known;
      const isCovered = all.every(({ latin, han }) => latin.has(codePoint) || han.has(codePoint));
      covered.set(codePoint, isCovered);
      return isCovered;
    },
  };
  return opened;
}

function openFaces(weight: keyof typeof weights): Faces {
  const { latin, han } = weights[weight];
  return {
    latin: openFace(readFileSync(join(folderOf('@embedpdf/fonts-latin'), latin)), true),
    han: openFace(readFileSync(join(folderOf('@embedpdf/fonts-sc'), han)), false),
  };
}

function folderOf(packageName: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(packageName)), '..', 'fonts');
}
