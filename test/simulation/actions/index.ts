import type { Action } from '../run.ts';
import * as buyers from './buyers.ts';
import * as people from './people.ts';
import * as time from './time.ts';
import * as webhooks from './webhooks.ts';
import * as workers from './workers.ts';

type Entry = readonly [weight: number, action: Action];

/** Everything that may be the next step, and how often it is. */
const entries = {
  order: [12, buyers.order],
  pay: [2, buyers.pay],
  askReturn: [1, buyers.askReturn],
  endReturn: [1, buyers.endReturn],
  annotate: [1, buyers.annotate],
  cancelThere: [2, buyers.cancelThere],
  refundThere: [1, buyers.refundThere],
  setStockThere: [1, buyers.setStockThere],
  deliverThere: [1, buyers.deliverThere],
  splitThere: [2, buyers.splitThere],
  receive: [3, people.receive],
  adjust: [3, people.adjust],
  ship: [7, people.ship],
  advance: [3, people.advance],
  split: [2, people.split],
  merge: [3, people.merge],
  correct: [1, people.correct],
  cancelHere: [2, people.cancelHere],
  refundHere: [2, people.refundHere],
  takeReturn: [2, people.takeReturn],
  decide: [2, people.decide],
  pauseOrResume: [0.5, people.pauseOrResume],
  deliver: [10, webhooks.deliver],
  serve: [4, webhooks.serve],
  killServer: [1.5, webhooks.killServer],
  goOn: [36, workers.goOn],
  answerRing: [18, workers.answerRing],
  sweep: [5, workers.sweepOne],
  kill: [4, workers.kill],
  freeze: [6, workers.freeze],
  tick: [7, time.tick],
  jump: [1.5, time.jump],
} satisfies Record<string, Entry>;

export type ActionName = keyof typeof entries;

const weights = Object.fromEntries(Object.entries(entries).map(([name, [weight]]) => [name, weight])) as Record<
  ActionName,
  number
>;

export function weightsOf(): Record<ActionName, number> {
  return weights;
}

export function actionOf(name: ActionName): Action {
  return entries[name][1];
}
