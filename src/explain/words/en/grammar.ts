import type { Grammar } from '../speech.ts';
import { stateWordsEn } from '../state-words-en.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "1 unit", "2 units". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export const enGrammar: Grammar = {
  language: 'en',
  states: stateWordsEn,
  day: (year, month, day) => `${day} ${months[month - 1] ?? ''} ${year}`,
  dayAndClock: (day, clock) => `${day}, ${clock}`,
  list: (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`),
  item: ({ sku, quantity }) => `${quantity} × ${sku}`,
  by: ({ kind, name }) => (kind === 'hub' ? 'by itself' : kind === 'terminal' ? 'by hand' : `by ${name ?? 'somebody'}`),
  faults: {
    unavailable: 'it could not be reached',
    rate_limited: 'it asked us to slow down',
    unauthorised: 'it no longer accepts our credentials',
    outcome_unknown: 'its answer never came',
    not_found: 'it does not know this',
    conflict: 'it was changed there at the same time',
    gone: 'it no longer wants to be told',
    unknown_code: 'it answered something we do not know',
    internal: 'a mistake of ours, which is in the log',
    'stock.unanswered': 'it did not say what became of the number',
  },
  quote: (text) => `“${text.replace(/\.+$/, '')}”`,
  set: (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
};
