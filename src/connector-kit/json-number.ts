const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const exact = /^-?\d{1,15}$/;

/** Whether it is a number as JSON writes them (RFC 8259, section 6). */
export function isNumber(text: string): boolean {
  return number.test(text);
}

/** Whether a JavaScript number holds it exactly and writes it again as it was: up to 15 digits. */
export function isExact(text: string): boolean {
  return exact.test(text);
}
