import type { Words } from './words.ts';

type Word = Extract<{ [Key in keyof Words]: Words[Key] extends string ? Key : never }[keyof Words], string>;

/** Which word a state has. Those of orders, holds and parcels stand with the explanations, which use them too. */
export const shopWords: Readonly<Record<'active' | 'paused' | 'removed', Word>> = {
  active: 'shopActive',
  paused: 'shopPaused',
  removed: 'shopRemoved',
};

export const laneWords: Readonly<Record<string, Word>> = {
  inbound: 'laneInbound',
  mapping: 'laneMapping',
  allocation: 'laneAllocation',
  upkeep: 'laneUpkeep',
  'cron:upkeep': 'laneUpkeep',
};
