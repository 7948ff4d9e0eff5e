import { comparedStock } from '../stock-door.ts';
import type { Character } from './character.ts';
import { plain } from './plain.ts';

/** The well-behaved one: whole orders by webhook under versions that can be trusted, and stock set only as it was read. */
export const webhooks: Character = { ...plain, stock: comparedStock };
