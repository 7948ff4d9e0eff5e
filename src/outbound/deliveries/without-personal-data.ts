/**
 * The beginning of what a store answered, fit for a log: without e-mail addresses, long numbers (phones, cards) and control
 * characters.
 */
export function withoutPersonalData(text: string, lengthMax: number): string {
  return text
    .replaceAll(/[^\s@<>"',;]+@[^\s@<>"',;]+/g, '(address)')
    .replaceAll(/\+?\d(?:[\d ()/.-]*\d){6,}/g, '(number)')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, lengthMax);
}
