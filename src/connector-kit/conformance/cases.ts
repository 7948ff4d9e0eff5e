import type { AnyConnector } from '../connector.ts';
import { crashBetweenPages } from './cases/crash.ts';
import { duplicate } from './cases/duplicate.ts';
import { bigIdsAndExactMoney } from './cases/exactness.ts';
import { throttledAndUnavailable } from './cases/faults.ts';
import { droppedAndDelayed } from './cases/late-webhooks.ts';
import { pagingWhileRowsMove } from './cases/paging.ts';
import { partialSuccess } from './cases/partial-batch.ts';
import { allPartsAccounted } from './cases/parts.ts';
import { reorder } from './cases/reorder.ts';
import { expiredAccess } from './cases/sessions.ts';
import { badSignature } from './cases/signature.ts';
import { silentLogs } from './cases/silent.ts';
import { channelSideSplit } from './cases/split.ts';
import { overtakenStock } from './cases/stock-order.ts';
import { timeOutAfterCommit } from './cases/time-out.ts';
import { unknownEnumValues } from './cases/unknown-words.ts';
import type { ConformanceHarness, OptionalPart } from './harness.ts';

/** What a case needs to know before it runs. */
type Subject = Pick<ConformanceHarness, 'connector' | 'lacking'>;

export type ConformanceCase = {
  /** A sentence of fact, used as the test's title. */
  readonly title: string;
  /** Why the case does not apply ("no polls"), as the end of "not applicable, …"; null when it does. */
  lacks(subject: Subject): string | null;
  /** Throws when the connector does not conform. */
  run(harness: ConformanceHarness): Promise<void>;
};

type Need = (subject: Subject) => string | null;

const has =
  (what: string, capability: (connector: AnyConnector) => unknown): Need =>
  ({ connector }) =>
    capability(connector) === undefined ? `no ${what}` : null;
const part =
  (name: OptionalPart): Need =>
  ({ lacking }) =>
    lacking?.[name] ?? null;
const all =
  (...needs: readonly Need[]): Need =>
  (subject) =>
    needs.map((need) => need(subject)).find((reason) => reason !== null) ?? null;

const polls = has('polls', ({ orders }) => orders.pullOrders);
const webhooks = has('webhooks', (connector) => connector.webhooks);
const stock = has('stock', (connector) => connector.stock);
const writes = has(
  'shipments, refunds and cancels',
  ({ shipments, orders }) => shipments ?? orders.refundOrder ?? orders.cancelOrder,
);

/** DESIGN §6. */
export const conformanceCases = {
  parts: {
    title: 'what the channel cannot do has its reason, and everything else is tried',
    lacks: all(),
    run: allPartsAccounted,
  },
  paging: { title: 'polling misses no order while rows move', lacks: polls, run: pagingWhileRowsMove },
  crash: { title: 'a crash between pages loses no order', lacks: polls, run: crashBetweenPages },
  duplicate: { title: 'a repeated message is known as the same', lacks: all(), run: duplicate },
  reorder: { title: 'an older document can be told from a newer one', lacks: all(), run: reorder },
  late: {
    title: 'a webhook that never comes or comes days late misleads nobody',
    lacks: webhooks,
    run: droppedAndDelayed,
  },
  signature: { title: 'only a webhook signed by the channel is accepted', lacks: webhooks, run: badSignature },
  faults: {
    title: 'throttling, outages and refused credentials are told apart',
    lacks: all(),
    run: throttledAndUnavailable,
  },
  sessions: {
    title: 'a session that ends is opened once more, by many calls at once too',
    lacks: part('sessions'),
    run: expiredAccess,
  },
  timeOut: {
    title: 'a write whose answer was lost is shown on the channel once',
    lacks: writes,
    run: timeOutAfterCommit,
  },
  partialBatch: {
    title: 'one refused listing does not keep its neighbours from being told',
    lacks: all(stock, part('refuseStockOf')),
    run: partialSuccess,
  },
  stockOrder: {
    title: 'a stock push that is overtaken stands corrected, or can be seen',
    lacks: stock,
    run: overtakenStock,
  },
  unknownWords: {
    title: 'a word that nobody has heard of stops its own order alone, and is named',
    lacks: part('unknownWords'),
    run: unknownEnumValues,
  },
  exactness: { title: 'big ids and amounts come through without loss', lacks: all(), run: bigIdsAndExactMoney },
  split: {
    title: 'the parts of an order that the channel splits are the whole of it',
    lacks: part('splitOrder'),
    run: channelSideSplit,
  },
  silent: { title: 'no secret and no personal data is logged or told in a fault', lacks: all(), run: silentLogs },
} as const satisfies Record<string, ConformanceCase>;
