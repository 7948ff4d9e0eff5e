import { invalidField } from '../kernel/index.ts';

const nameLengthMax = 100;

/** Trims the name people know a shop by. */
export function checkShopName(text: string): string {
  const name = text.trim();
  if (name === '') throw invalidField('name', 'shop.unnamed', 'must not be empty');
  if (name.length > nameLengthMax) {
    throw invalidField('name', 'shop.name_too_long', `must have at most ${nameLengthMax} characters`);
  }
  if (/\p{Cc}/u.test(name)) throw invalidField('name', 'shop.bad_name', 'must not contain control characters');
  return name;
}
