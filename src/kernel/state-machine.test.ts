import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateMachine, type Transitions } from './state-machine.ts';

const parcel = stateMachine('parcel', 'planned', {
  planned: ['packed', 'cancelled'],
  packed: ['planned', 'shipped'],
  shipped: [],
  cancelled: [],
});

test('a table answers what may follow and what may precede', () => {
  expect(parcel.allows('planned', 'packed')).toBe(true);
  expect(parcel.allows('planned', 'shipped')).toBe(false);
  expect(parcel.sources('planned')).toEqual(['packed']);
  expect(parcel.finals).toEqual(['shipped', 'cancelled']);
  expect(parcel.states).toEqual(['planned', 'packed', 'shipped', 'cancelled']);
});

test('a refused transition is a conflict that names both states and what is allowed', () => {
  expect(() => parcel.check('planned', 'shipped')).toThrow(
    expect.objectContaining({
      kind: 'conflict',
      code: 'parcel.transition_refused',
      data: { from: 'planned', to: 'shipped', allowed: ['packed', 'cancelled'] },
    }),
  );
  expect(() => parcel.check('packed', 'shipped')).not.toThrow();
});

describe('a bad table is refused when it is built', () => {
  test('a state that nothing leads to', () => {
    const build = (): unknown => stateMachine<string>('wave', 'open', { open: ['done'], lost: ['done'], done: [] });
    expect(build).toThrow('wave: unreachable states: lost');
  });

  test('a state that no final state can be reached from', () => {
    const build = (): unknown => stateMachine('wave', 'open', { open: ['done', 'a'], a: ['b'], b: ['a'], done: [] });
    expect(build).toThrow('wave: no way to a final state from: a, b');
  });

  test('a follower that is no state of the table', () => {
    const table: Record<string, string[]> = { open: ['dnoe', 'done'], done: [] };
    expect(() => stateMachine<string>('wave', 'open', table)).toThrow('wave: unknown state: dnoe');
  });

  test('an initial state that is not in the table', () => {
    const table: Record<string, string[]> = { open: ['done'], done: [] };
    expect(() => stateMachine<string>('wave', 'new', table)).toThrow('wave: unknown state: new');
  });
});

test('a table without final states may go round for ever', () => {
  expect(stateMachine('health', 'good', { good: ['bad'], bad: ['good'] }).finals).toEqual([]);
});

test('a machine is built exactly when every state is reached and, if any is final, can end', () => {
  const names = ['a', 'b', 'c', 'd', 'e'] as const;
  type Name = (typeof names)[number];
  const followers = fc.subarray([...names]);
  const table = fc.record({ a: followers, b: followers, c: followers, d: followers, e: followers });
  const property = fc.property(table, (transitions: Transitions<Name>) => {
    const steps = reach(transitions);
    const finals = names.filter((name) => transitions[name].length === 0);
    const sound =
      names.every((name) => steps('a').has(name)) &&
      (finals.length === 0 || names.every((name) => finals.some((final) => steps(name).has(final))));
    let built = true;
    try {
      stateMachine('random', 'a', transitions);
    } catch {
      built = false;
    }
    expect(built).toBe(sound);
  });
  fc.assert(property, { numRuns: 2_000 });
});

/** The plain meaning of reachability: repeat "and all that follows" until nothing is added. */
function reach<Name extends string>(transitions: Transitions<Name>): (from: Name) => Set<Name> {
  return (from) => {
    let seen = new Set([from]);
    for (let size = 0; size !== seen.size;) {
      size = seen.size;
      seen = new Set([...seen, ...[...seen].flatMap((name) => transitions[name])]);
    }
    return seen;
  };
}
