import { moneyToDecimal } from '../../kernel/index.ts';

/** `-1,234.50`: groups of three, the currency's own decimals. */
export function amountText(minor: number, currency: string): string {
  return grouped(moneyToDecimal({ minor, currency }));
}

/** As the channel told it, at least with two decimals: `10.00`, `0.005`. */
export function priceText(decimal: string | null): string {
  if (decimal === null) return '';
  const [whole = '0', fraction = ''] = decimal.split('.');
  const kept = fraction.replace(/0+$/, '').padEnd(2, '0');
  return grouped(`${whole}.${kept}`);
}

export function rateText(rates: readonly string[]): string {
  return [...new Set(rates)].map((rate) => `${rate}%`).join(' + ');
}

function grouped(decimal: string): string {
  const [whole = '0', fraction] = decimal.split('.');
  const thousands = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}
