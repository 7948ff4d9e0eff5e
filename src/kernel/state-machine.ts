import { Fault } from './fault.ts';

/** Allowed next states by state. A state with an empty list is final. */
export type Transitions<State extends string> = { readonly [S in State]: readonly State[] };

export type StateMachine<State extends string> = {
  readonly name: string;
  readonly initial: State;
  readonly states: readonly State[];
  readonly finals: readonly State[];
  allows(from: State, to: State): boolean;
  /** States from which `to` may be entered: the guard of `UPDATE … WHERE state = ANY(…)`. */
  sources(to: State): readonly State[];
  /** Throws Fault `<name>.transition_refused` with both states. */
  check(from: State, to: State): void;
};

/**
 * Builds a machine from a table. Throws at load when the table names a state it does not have, a state cannot be reached, or
 * it cannot reach a final state.
 */
export function stateMachine<State extends string>(
  name: string,
  initial: State,
  transitions: Transitions<State>,
): StateMachine<State> {
  const states = Object.keys(transitions) as State[];
  const named = [initial, ...states.flatMap((state) => transitions[state])];
  const unknown = named.find((state) => !states.includes(state));
  if (unknown !== undefined) throw new Error(`${name}: unknown state: ${unknown}`);
  const finals = states.filter((state) => transitions[state].length === 0);
  const reachable = closure(initial, (state) => transitions[state]);
  const unreachable = states.filter((state) => !reachable.has(state));
  if (unreachable.length > 0) throw new Error(`${name}: unreachable states: ${unreachable.join(', ')}`);
  if (finals.length > 0) {
    const stuck = states.filter((state) => ![...closure(state, (s) => transitions[s])].some((s) => finals.includes(s)));
    if (stuck.length > 0) throw new Error(`${name}: no way to a final state from: ${stuck.join(', ')}`);
  }
  const allows = (from: State, to: State): boolean => transitions[from].includes(to);
  return {
    name,
    initial,
    states,
    finals,
    allows,
    sources: (to) => states.filter((state) => allows(state, to)),
    check(from, to) {
      if (!allows(from, to)) {
        throw new Fault('conflict', `${name}.transition_refused`, {
          message: `${name} is ${from} and cannot become ${to}`,
          data: { from, to, allowed: transitions[from] },
        });
      }
    },
  };
}

function closure<State extends string>(start: State, next: (state: State) => readonly State[]): Set<State> {
  const seen = new Set<State>([start]);
  const queue: State[] = [start];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    for (const follower of next(state)) {
      if (!seen.has(follower)) {
        seen.add(follower);
        queue.push(follower);
      }
    }
  }
  return seen;
}
