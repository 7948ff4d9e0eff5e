import { compareBytes } from '../../src/kernel/index.ts';

/** Vendure's ids are numbers as text by default, uuids by choice: shorter first sorts both as they were made. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || compareBytes(a, b);
}
