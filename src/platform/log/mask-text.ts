const textLengthMax = 200;

/**
 * Ids, codes, routes, times and paths. No `@`, quotes, `?`, `%`, `+` or control characters: no e-mail address, no quoted
 * value, no query string, no phone number in its international form; nothing long without a break, as tokens are.
 */
export function isPlain(text: string): boolean {
  return text.length <= textLengthMax && /^[\p{L}\p{N} ._:/*(){}#,-]*$/u.test(text) && !unbroken.test(text);
}

/** Longer than any id of ours or of a channel (a UUID has hyphens, the longest number 20 digits). */
const unbroken = /[A-Za-z0-9+/=_]{33,}/;

const masks: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(["'`«“])(?:(?!\1)[^”»])*["'`»”]/gs, '"…"'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"']+/gi, '(url)'],
  [/[^\s@<>()]+@[^\s@<>()]+/g, '(address)'],
  [/\b(?:bearer|basic|token|secret|password|key|authorization)\b\s*[:=]?\s*\S+/gi, '(secret)'],
  [/\+?\d[\d ()/-]{5,}\d/g, '(number)'],
  [/[A-Za-z0-9+/=_-]{25,}/g, '(token)'],
  [/[=:]\s*[^\s,;]+/g, '=…'],
];

/** Takes out of a sentence what may have come from data: quoted text, URLs, addresses, numbers, tokens, values after `=`. */
export function maskText(text: string): string {
  let masked = text.slice(0, textLengthMax * 2);
  for (const [pattern, replacement] of masks) masked = masked.replaceAll(pattern, replacement);
  return masked.slice(0, textLengthMax);
}
