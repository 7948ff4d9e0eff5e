import type { Chance } from './chance.ts';

/** Everything that can go wrong in a run, each counted where it strikes. */
export const faultKinds = [
  'transaction.serialization_failure',
  'transaction.deadlock',
  'transaction.connection_lost',
  'transaction.committed_unheard',
  'transaction.undone_unheard',
  'process.killed',
  'process.killed_after_a_call',
  'process.frozen_past_its_lease',
  'ring.lost',
  'ring.doubled',
  'webhook.lost',
  'webhook.late',
  'webhook.doubled',
  'webhook.answer_lost',
  'webhook.forged',
  'channel.error_500',
  'channel.throttled',
  'channel.throttled_with_retry_after',
  'channel.unreachable',
  'channel.no_answer_before',
  'channel.no_answer_after',
  'channel.answer_cut',
  'channel.wrong_page',
  'channel.empty_page',
  'channel.token_refused',
  'channel.list_late',
  'channel.batch_in_part',
  'clock.jump',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export type FaultCounts = Map<FaultKind, number>;

export type Faults = {
  isOn: boolean;
  readonly counts: FaultCounts;
  /** Whether this kind strikes now: by its rate in this run, and never once faults are off. */
  strikes(kind: FaultKind, rate: number): boolean;
  /** At most one of them, each at its own rate. */
  oneOf(rates: Partial<Readonly<Record<FaultKind, number>>>): FaultKind | null;
  count(kind: FaultKind): void;
};

/** How much of some kinds, in place of what the seed says. */
export type FaultLevels = Partial<Readonly<Record<FaultKind, number>>>;

/** Those that have few occasions are part of every run. */
const inEveryRun = new Set<FaultKind>(['channel.batch_in_part', 'channel.token_refused', 'process.killed']);

/** Each run has a part of the kinds, at a level of its own, so that rare combinations come up and quiet runs too. */
export function createFaults(chance: Chance, counts: FaultCounts = new Map(), given: FaultLevels = {}): Faults {
  const level = chance.pick([0.5, 1, 1, 2]) ?? 1;
  const drawn = faultKinds.map((kind) => [kind, chance.is(0.75) || inEveryRun.has(kind) ? level : 0] as const);
  const levels = new Map(drawn.map(([kind, each]) => [kind, given[kind] ?? each]));
  const faults: Faults = {
    isOn: true,
    counts,
    strikes(kind, rate) {
      if (!faults.isOn) return false;
      const does = chance.is(rate * (levels.get(kind) ?? 0));
      if (does) faults.count(kind);
      return does;
    },
    oneOf(rates) {
      const kinds = Object.keys(rates) as FaultKind[];
      return kinds.find((kind) => faults.strikes(kind, rates[kind] ?? 0)) ?? null;
    },
    count: (kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
  };
  return faults;
}
