import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSandbox, seededRandom, serveSandbox, type Sandbox } from '../../connectors/sandbox/fake/index.ts';
import { openGun, postBytes, type Gun } from './webhook-gun.ts';
import { sellOne } from './webhook-orders.ts';

export type LiveListing = { readonly id: string; readonly sku: string; readonly title: string };

export type Sale = {
  readonly orderId: string;
  /** When it was to be sold, since 1970: the schedule waits for no answer. */
  readonly soldAtMs: number;
  /** When its webhook was answered 2xx; null: it never was. */
  readonly answeredAtMs: number | null;
};

/** A sandbox with its own limits (200 requests at once, then 50 a second), in a process of its own. */
export type LiveShop = {
  readonly origin: string;
  readonly settings: { readonly baseUrl: string; readonly apiKey: string; readonly webhookSecret: string };
  readonly listings: readonly LiveListing[];
  readonly locations: readonly { readonly id: string; readonly name: string }[];
  /** Resolves once every listing shows this number to buyers. */
  showsEverywhere(quantity: number): Promise<void>;
  /** Sells at an even pace and tells each order by its webhook; resolves when all are answered or given up. */
  sell(pace: { readonly perSecond: number; readonly seconds: number }): Promise<readonly Sale[]>;
  close(): Promise<void>;
};

type Opened = Pick<LiveShop, 'origin' | 'settings' | 'listings' | 'locations'>;
type Wish =
  | { readonly kind: 'shown'; readonly quantity: number }
  | { readonly kind: 'sell'; readonly perSecond: number; readonly seconds: number };

export async function openLiveShop(listingCount: number): Promise<LiveShop> {
  const child = fork(fileURLToPath(import.meta.url), [String(listingCount)], {
    cwd: join(import.meta.dirname, '../..'),
    execArgv: ['--import', 'tsx'],
  });
  const opened = await answerOf<Opened>(child);
  const ask = <Answer>(wish: Wish): Promise<Answer> => {
    child.send(wish);
    return answerOf<Answer>(child);
  };
  return {
    ...opened,
    showsEverywhere: (quantity) => ask({ kind: 'shown', quantity }),
    sell: (pace) => ask({ kind: 'sell', ...pace }),
    async close() {
      if (!child.connected) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const ended = new AbortController();
  try {
    const [answer] = await Promise.race([
      once(child, 'message', { signal: ended.signal }),
      once(child, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`the shop ended with ${code}`);
      }),
    ]);
    return answer as Answer;
  } finally {
    ended.abort();
  }
}

const lookEveryMs = 20;
const connections = 64;
/** After the last sale; a webhook that was refused once is sent again within it. */
export const answersWaitMs = 10_000;

async function serveLive(listingCount: number): Promise<void> {
  const answered = new Map<string, number>();
  let gun: Promise<Gun> | null = null;
  const tell: typeof globalThis.fetch = async (input, init) => {
    const { origin, host, pathname } = new URL(String(input));
    gun ??= openGun(origin, connections);
    const headers = new Headers(init?.headers);
    const status = await (await gun).fire(postBytes(pathname, host, headers, String(init?.body)));
    const orderId = headers.get('sandbox-event-id')?.split('_').at(-1) ?? '';
    if (status < 300 && !answered.has(orderId)) answered.set(orderId, Date.now());
    return new Response(null, { status });
  };
  const sandbox = createSandbox({ seed: 5, fetch: tell });
  fillShelves(sandbox, listingCount);
  const served = await serveSandbox({ sandbox });
  process.on('message', (wish: Wish) => {
    const done = wish.kind === 'shown' ? untilShown(sandbox, wish.quantity) : sellEvenly(sandbox, wish, answered);
    void done.then((answer) => process.send?.(answer));
  });
  process.once('disconnect', () => process.exit(0));
  const { apiKey, webhookSecret, state } = sandbox;
  const opened: Opened = {
    origin: served.origin,
    settings: { baseUrl: served.origin, apiKey, webhookSecret },
    listings: state.listings.map(({ id, sku, title }) => ({ id, sku, title })),
    locations: state.locations,
  };
  process.send?.(opened);
}

function fillShelves(sandbox: Sandbox, listingCount: number): void {
  const { listings, locations, levels } = sandbox.state;
  listings.length = 0;
  for (let index = 0; index < listingCount; index += 1) {
    const id = String(91_000_000_000_000_000_000n + BigInt(index));
    const sku = `SKU-${String(index).padStart(6, '0')}`;
    const [productId, title] = [id, `Thing ${index}`];
    listings.push({ id, productId, sku, barcode: null, title, priceMinor: 1_000, isActive: true, tracksStock: true });
    for (const location of locations) levels[`${id}/${location.id}`] = 0;
  }
}

async function untilShown(sandbox: Sandbox, quantity: number): Promise<{ readonly quantity: number }> {
  const isShown = ({ id }: { id: string }): boolean => sandbox.saleable(id) === quantity;
  // From the end, for that is told last: a look that fails stops at the first.
  while (!sandbox.state.listings.toReversed().every(isShown)) await pause(lookEveryMs);
  return { quantity };
}

/** By the clock and not by the answers: what is late is sold late, and its time counts from when it was to be sold. */
async function sellEvenly(
  sandbox: Sandbox,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  answered: ReadonlyMap<string, number>,
): Promise<Sale[]> {
  const random = seededRandom(9);
  const startedAtMs = Date.now();
  const sold: { orderId: string; soldAtMs: number }[] = [];
  while (sold.length < perSecond * seconds) {
    const soldAtMs = startedAtMs + (sold.length / perSecond) * 1_000;
    const waitMs = soldAtMs - Date.now();
    if (waitMs > 1) await pause(waitMs);
    else sold.push({ orderId: sellOne(sandbox, random), soldAtMs });
  }
  const deadlineMs = Date.now() + answersWaitMs;
  while (Date.now() < deadlineMs && sold.some(({ orderId }) => !answered.has(orderId))) await pause(lookEveryMs);
  return sold.map((sale) => ({ ...sale, answeredAtMs: answered.get(sale.orderId) ?? null }));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serveLive(Number(process.argv[2]));
