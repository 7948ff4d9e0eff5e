import { moneyToDecimal, type Money } from '../../kernel/index.ts';
import type { Language } from '../../platform/i18n/index.ts';
import type { By, ChannelWords, Item, Lack } from './data.ts';
import type { StateWords } from './state-words.ts';

/** How one language says numbers, times, lists and who did it. Times are those of one zone. */
export type Speech = {
  readonly states: StateWords;
  readonly zone: string;
  money(amount: Money): string;
  /** Day and time: "20 Nov 2026, 14:05". */
  at(time: Date): string;
  day(time: Date): string;
  clock(time: Date): string;
  list(words: readonly (string | number)[]): string;
  items(items: readonly Item[]): string;
  lacks(lacks: readonly Lack[]): string;
  by(by: By): string;
  fault(words: ChannelWords): string;
  set(text: string): string;
};

export type Grammar = {
  readonly language: Language;
  readonly states: StateWords;
  day(year: string, month: number, day: number): string;
  dayAndClock(day: string, clock: string): string;
  list(words: readonly string[]): string;
  item(item: Item): string;
  by(by: By): string;
  /** The kinds of failure that are ours to name; what a channel says in its own words is quoted. */
  readonly faults: Readonly<Record<string, string>>;
  quote(text: string): string;
  /** A whole sentence, as it is set: its capital, its spaces. */
  set(text: string): string;
};

export function speechOf(grammar: Grammar, zone: string): Speech {
  const parts = partsIn(zone);
  const list = (words: readonly (string | number)[]): string => grammar.list(words.map(String));
  const day = (time: Date): string => {
    const { year, month, day: ofMonth } = parts(time);
    return grammar.day(year, Number(month), Number(ofMonth));
  };
  const clock = (time: Date): string => {
    const { hour, minute } = parts(time);
    return `${hour}:${minute}`;
  };
  return {
    states: grammar.states,
    zone,
    money: sayMoney,
    day,
    clock,
    at: (time) => grammar.dayAndClock(day(time), clock(time)),
    list,
    items: (items) => grammar.list(sumItems(items).map((item) => grammar.item(item))),
    lacks: (lacks) =>
      lacks.map(({ sku, free, wanted }) => grammar.states.lack(sku, free, wanted)).join(grammar.states.listComma),
    by: (by) => grammar.by(by),
    set: (text) => grammar.set(text),
    fault: ({ code, detail }) => grammar.faults[code] ?? grammar.quote(detail === '' ? code : detail),
  };
}

/** One entry a SKU, in the order in which they come. */
function sumItems(items: readonly Item[]): Item[] {
  const units = new Map<string, number>();
  for (const { sku, quantity } of items) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return [...units].map(([sku, quantity]) => ({ sku, quantity }));
}

/** "EUR 1,234.50": the code, because a sign such as $ or ¥ names several currencies. */
function sayMoney(amount: Money): string {
  const [whole = '', fraction] = moneyToDecimal(amount).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${amount.currency} ${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

type TimeParts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute', string>>;

/** Digits only: names of months differ between versions of ICU. */
function partsIn(zone: string): (time: Date) => TimeParts {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (time) => {
    const found = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const of = (type: Intl.DateTimeFormatPartTypes): string => found.get(type) ?? '';
    return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute') };
  };
}
