import type { AnyConnector } from '../connector.ts';
import { crashBetweenPages } from './cases/crash.ts';
import { duplicate } from './cases/duplicate.ts';
import { bigIdsAndExactMoney } from './cases/exactness.ts';
import { throttledAndUnavailable } from './cases/faults.ts';
import { pagingWhileRowsMove } from './cases/paging.ts';
import { reorder } from './cases/reorder.ts';
import { badSignature } from './cases/signature.ts';
import { timeOutAfterCommit } from './cases/time-out.ts';
import type { ConformanceHarness } from './harness.ts';

export type ConformanceCase = {
  /** A sentence of fact, used as the test's title. */
  readonly title: string;
  /** What the connector lacks for this case, or null when it applies. */
  lacks(connector: AnyConnector): string | null;
  /** Throws when the connector does not conform. */
  run(harness: ConformanceHarness): Promise<void>;
};

const always = (): null => null;
const polls = ({ orders }: AnyConnector): string | null => (orders.pullOrders === undefined ? 'polls' : null);

/** The first eight cases of DESIGN §6. */
export const conformanceCases = {
  paging: { title: 'polling misses no order while rows move', lacks: polls, run: pagingWhileRowsMove },
  crash: { title: 'a crash between pages loses no order', lacks: polls, run: crashBetweenPages },
  duplicate: { title: 'a repeated message is known as the same', lacks: always, run: duplicate },
  reorder: { title: 'an older document can be told from a newer one', lacks: always, run: reorder },
  signature: {
    title: 'only a webhook signed by the channel is accepted',
    lacks: (connector) => (connector.webhooks === undefined ? 'webhooks' : null),
    run: badSignature,
  },
  faults: {
    title: 'throttling, outages and refused credentials are told apart',
    lacks: always,
    run: throttledAndUnavailable,
  },
  timeOut: {
    title: 'a write whose answer was lost is shown on the channel once',
    lacks: ({ shipments, orders }) =>
      (shipments ?? orders.refundOrder ?? orders.cancelOrder) === undefined ? 'shipments, refunds and cancels' : null,
    run: timeOutAfterCommit,
  },
  exactness: { title: 'big ids and amounts come through without loss', lacks: always, run: bigIdsAndExactMoney },
} as const satisfies Record<string, ConformanceCase>;
