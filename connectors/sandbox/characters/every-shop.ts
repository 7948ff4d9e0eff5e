import { check, origin } from '../check.ts';
import { listings } from '../listings.ts';

/** What all kinds of shop of the vendor have alike. */
export const everyShop = {
  origin,
  check,
  listings,
  facts: { packages: 'partial', cancels: 'partial', refunds: 'partial' },
} as const;
