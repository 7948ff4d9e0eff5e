import { ordersPollIntervalMs } from '../../config/defaults.ts';
import type { ShopDeps, ShopSession, StepResult } from '../channels/index.ts';
import type { RawDocument } from '../connector-kit/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { pollStream } from './poll-stream.ts';
import { storeDocuments } from './store-documents.ts';

/** Reads new and changed orders when they are due, or now: before a number that rises is told (DESIGN §1.7). */
export function pollOrders(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  options: { readonly evenIfNotDue: boolean } = { evenIfNotDue: false },
): Promise<StepResult> {
  const { orders } = session.connector;
  const pullOrders = orders.pullOrders?.bind(orders);
  if (pullOrders === undefined) return Promise.resolve({ didWork: false });
  return pollStream<RawDocument>(deps, session, lease, signal, {
    stream: 'orders',
    intervalMs: ordersPollIntervalMs,
    evenIfNotDue: options.evenIfNotDue,
    pull: (io, state) => pullOrders(io, state, session.shop.ordersSince),
    store: (ctx, documents, { readStartedAt, isFirstPoll }) =>
      storeDocuments(ctx, session, documents, { source: 'poll', readStartedAt, isBackfill: isFirstPoll }),
  });
}
