/** A channel's time as an instant. Digits beyond milliseconds are cut here; the text is kept where they matter. */
export function instantOf(text: string): Date;
export function instantOf(text: string | null): Date | null;
export function instantOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
