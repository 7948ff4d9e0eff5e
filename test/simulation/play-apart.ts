import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Place } from './bench.ts';
import type { FaultCounts, FaultKind } from './faults.ts';
import type { Seeds } from './play-seeds.ts';
import type { Outcome } from './simulate.ts';

/** What a process is told to play, and on which database. */
export type Share = Seeds & { readonly place: Place };

/** What a process tells. */
export type Told = { readonly outcome: Outcome } | { readonly counts: [FaultKind, number][] };

/**
 * Plays seeds in as many processes as there are databases, each its share (a run has its process for itself: chance and clock
 * are replaced in the whole of it), and adds up how often each kind of fault struck.
 */
export async function playApart(
  { first, count, steps }: Omit<Seeds, 'stride'>,
  places: readonly Place[],
  tell: (outcome: Outcome) => void,
): Promise<FaultCounts> {
  const stride = places.length;
  const shares = places.map((place, index) => ({
    place,
    stride,
    steps,
    first: first + index,
    count: Math.ceil((count - index) / stride),
  }));
  const all: FaultCounts = new Map();
  for (const counts of await Promise.all(shares.map((share) => playShare(share, tell)))) {
    for (const [kind, times] of counts) all.set(kind, (all.get(kind) ?? 0) + times);
  }
  return all;
}

function playShare(share: Share, tell: (outcome: Outcome) => void): Promise<[FaultKind, number][]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'play-share.ts'), [JSON.stringify(share)], {
      execArgv: ['--import', 'tsx'],
    });
    let counts: [FaultKind, number][] | null = null;
    child.on('message', (message) => {
      const told = message as Told;
      if ('outcome' in told) tell(told.outcome);
      else ({ counts } = told);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0 && counts !== null) return resolve(counts);
      return reject(new Error(`seeds from ${share.first} on were not played to their end: exit ${code ?? signal}`));
    });
  });
}
