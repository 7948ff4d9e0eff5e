import { createSandbox, serveSandbox, type Sandbox } from '../../connectors/sandbox/fake/index.ts';
import type { AnsweredWebhook, ShopBook } from './journal.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';

/** A sandbox shop in this process, which outlives every process of the hub, and the book it keeps. */
export type Stall = {
  readonly sandbox: Sandbox;
  readonly origin: string;
  readonly settings: unknown;
  /** What it sells that has stock. */
  readonly listings: readonly { readonly id: string; readonly sku: string; readonly title: string }[];
  /** Known once it is connected. */
  shopId: string;
  readonly proxy: TcpProxy | null;
  /** Webhooks that the hub answered 2xx. */
  answered(): readonly AnsweredWebhook[];
  /** How often the hub gave each answer; 0 stands for no answer. */
  readonly statuses: Map<number, number>;
  /** Orders of which no webhook has been answered 2xx so far. */
  unanswered(): number;
  book(): ShopBook;
  close(): Promise<void>;
};

/** Channels do not open a connection for each of a thousand messages either. */
const callsAtOnceMax = 32;

export async function openStall(seed: number, inFront?: (port: number) => Promise<TcpProxy>): Promise<Stall> {
  const answered: Omit<AnsweredWebhook, 'shopId'>[] = [];
  const statuses = new Map<number, number>();
  const heardOf = new Set<string>();
  const count = (status: number): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const line = waitingLine(callsAtOnceMax);
  const listen: typeof fetch = async (input, init) => {
    const response = await line(init?.signal ?? null, () => fetch(input, init)).catch((error: unknown) => {
      count(0);
      throw error;
    });
    count(response.status);
    const eventId = new Headers(init?.headers).get('sandbox-event-id') ?? '';
    // The journal is written when the answer is there: what the hub says from now on it must stand by.
    const orderExternalId = eventId.split('_')[2] ?? '';
    if (response.ok) {
      answered.push({ eventId, orderExternalId });
      heardOf.add(orderExternalId);
    }
    return response;
  };
  const sandbox = createSandbox({
    seed,
    shopName: `Stall ${seed}`,
    rateLimit: { burst: 100_000, perSecond: 100_000 },
    fetch: listen,
  });
  const served = await serveSandbox({ sandbox });
  const proxy = (await inFront?.(Number(new URL(served.origin).port))) ?? null;
  const origin = proxy === null ? served.origin : `http://${proxy.host}:${proxy.port}`;
  const listings = sandbox.state.listings.filter((listing) => listing.tracksStock);
  const stall: Stall = {
    sandbox,
    origin,
    settings: { baseUrl: origin, apiKey: sandbox.apiKey, webhookSecret: sandbox.webhookSecret },
    listings,
    shopId: '',
    proxy,
    answered: () => answered.map((each) => ({ ...each, shopId: stall.shopId })),
    statuses,
    unanswered: () => Object.keys(sandbox.state.orders).length - heardOf.size,
    book: () => bookOf(sandbox, stall.shopId, listings),
    async close() {
      await proxy?.close();
      await served.close();
    },
  };
  return stall;
}

/** So many at once; the others wait in line, each as long as its signal lets it. */
function waitingLine(places: number) {
  const line: (() => void)[] = [];
  let free = places;
  return async <Result>(signal: AbortSignal | null, work: () => Promise<Result>): Promise<Result> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => line.push(resolve));
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

function bookOf(sandbox: Sandbox, shopId: string, listings: Stall['listings']): ShopBook {
  const written = (kind: string) => sandbox.journal().filter((entry) => entry.by === 'hub' && entry.kind === kind);
  return {
    shopId,
    orders: Object.values(sandbox.state.orders).map((order) => ({
      externalId: order.id,
      totalMinor: order.totalMinor,
      isCancelled: order.cancelledAt !== null,
      lines: order.lines,
    })),
    packages: written('fulfilled').map(({ subject, detail }) => ({
      orderExternalId: subject,
      trackingNumber: String(detail['tracking']),
    })),
    refunds: written('refunded').map(({ subject, detail }) => ({
      orderExternalId: subject,
      requestId: String(detail['request']),
      amountMinor: Number(detail['amount']),
    })),
    cancels: written('cancelled').map(({ subject }) => ({ orderExternalId: subject })),
    saleable: new Map(listings.map(({ id, sku }) => [sku, sandbox.saleable(id)])),
  };
}
