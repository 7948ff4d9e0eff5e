import pg from 'pg';
import type { BenchCase, BenchFigure, BenchResult } from './bench-case.ts';
import { connectLiveShop, type ConnectedShop } from './connect-live-shop.ts';
import { answersWaitMs, openLiveShop, type LiveShop, type Sale } from './live-shop.ts';
import { startRole, startWharf } from '../support/run-wharf.ts';
import { median, percentile } from './rounds.ts';
import { openLoggedHub } from './webhook-shop.ts';
import type { BenchDatabase, BenchWorld } from './world.ts';

const listingCount = 500;
const unitsEach = 100_000;
const processNames = ['one', 'two'] as const;

/**
 * A shop that sells 300 orders a second and tells each by a webhook, whatever the answers take, while the hub takes the orders
 * in, allocates them and pushes stock: in one process as `wharf start` has it (the figure), and as server and worker apart.
 */
export const webhookLatency: BenchCase = {
  name: 'p99.webhook_ms',
  unit: 'ms',
  goal: { atMost: 250 },
  async run(world) {
    const figures: BenchFigure[] = [];
    for (const processes of processNames) {
      const sales = await withRunningHub(world, processes, ({ shop }) => shop.sell({ perSecond: 300, seconds: 20 }));
      const answers = sales.map(({ soldAtMs, answeredAtMs }) => waitOf(soldAtMs, answeredAtMs));
      const { waits, missed } = countMissed(answers, answersWaitMs);
      figures.push({ name: `${processes}.p99`, value: percentile(waits, 0.99), unit: 'ms' });
      figures.push({ name: `${processes}.p50`, value: median(waits), unit: 'ms' });
      figures.push({ name: `${processes}.unanswered`, value: missed, unit: 'orders' });
    }
    return resultOf(figures);
  },
};

/** From the sale to the commit of the order's last reservation as another connection sees it, for a minute of 50 orders a second. */
export const orderLatency: BenchCase = {
  name: 'p95.order_ms',
  unit: 'ms',
  goal: { atMost: 1_000 },
  run: (world) =>
    withRunningHub(world, 'one', async ({ shop, connected, database }) => {
      const watch = await watchAllocations(database, connected);
      const sales = await shop.sell({ perSecond: 50, seconds: 60 });
      const allocated = await watch.until(sales.length);
      const allWaits = sales.map(({ orderId, soldAtMs }) => waitOf(soldAtMs, allocated.get(orderId) ?? null));
      const { waits, missed } = countMissed(allWaits, allocatedWaitMs);
      return resultOf([
        { name: 'p95', value: percentile(waits, 0.95), unit: 'ms' },
        { name: 'p50', value: median(waits), unit: 'ms' },
        { name: 'max', value: Math.max(...waits), unit: 'ms' },
        { name: 'missed', value: missed, unit: 'orders' },
      ]);
    }),
};

type Running = { readonly shop: LiveShop; readonly connected: ConnectedShop; readonly database: BenchDatabase };

async function withRunningHub<Result>(
  world: BenchWorld,
  processes: (typeof processNames)[number],
  work: (running: Running) => Promise<Result>,
): Promise<Result> {
  const database = await world.createDatabase();
  const shop = await openLiveShop(listingCount);
  const { hub, environment, close } = await openLoggedHub(database, [shop.origin]);
  const ends: (() => Promise<unknown>)[] = [shop.close];
  try {
    const connected = await connectLiveShop(hub, shop);
    await connected.receive(unitsEach);
    ends.push(...(await startProcesses(environment, processes)));
    // Its webhooks are registered by then, for that is the lane's first step.
    await shop.showsEverywhere(unitsEach);
    return await work({ shop, connected, database });
  } finally {
    for (const end of ends.toReversed()) await end();
    await close();
  }
}

async function startProcesses(
  environment: Readonly<Record<string, string>>,
  processes: (typeof processNames)[number],
): Promise<(() => Promise<unknown>)[]> {
  if (processes === 'one') {
    const wharf = await startWharf(environment);
    return [() => wharf.interrupt()];
  }
  const server = await startRole(['server'], environment, /Serving on (http\S+)/);
  const worker = await startRole(['worker'], { ...environment, PUBLIC_URL: server.ready }, /Working/);
  return [server, worker].map((role) => () => role.end('SIGINT'));
}

function waitOf(fromMs: number, toMs: number | null): number | null {
  return toMs === null ? null : toMs - fromMs;
}

/** An order that never came has waited as long as was waited for the last: it is told and no mean hides it. */
function countMissed(
  waits: readonly (number | null)[],
  deadlineMs: number,
): { readonly waits: readonly number[]; readonly missed: number } {
  const missed = waits.filter((wait) => wait === null).length;
  return { waits: waits.map((wait) => wait ?? deadlineMs), missed };
}

const lookEveryMs = 50;
const allocatedWaitMs = 20_000;

/** Notes when each order is first seen with a reservation and nothing left to reserve. Late by a look at most, never early. */
async function watchAllocations(
  { url }: BenchDatabase,
  { shopId }: ConnectedShop,
): Promise<{ until(count: number): Promise<ReadonlyMap<Sale['orderId'], number>> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const seen = new Map<string, number>();
  let since = new Date(0);
  const look = async (): Promise<void> => {
    const { rows } = await client.query<{ externalId: string }>(
      `select distinct o.external_id as "externalId"
       from reservations r join shipment_lines l on l.id = r.shipment_line_id join orders o on o.id = l.order_id
       where o.shop_id = $1 and r.created_at > $2
         and not exists (select 1 from stock_demand d where d.order_id = o.id and d.quantity > 0)`,
      [shopId, since],
    );
    const nowMs = Date.now();
    for (const { externalId } of rows) if (!seen.has(externalId)) seen.set(externalId, nowMs);
    // Reservations are stamped when their transaction begins: it may have been open for a while.
    since = new Date(nowMs - 5_000);
  };
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  })();
  return {
    async until(count) {
      const deadlineMs = Date.now() + allocatedWaitMs;
      while (seen.size < count && Date.now() < deadlineMs)
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      isOver = true;
      await looking;
      await client.end();
      return seen;
    },
  };
}

function resultOf([first, ...rest]: readonly BenchFigure[]): BenchResult {
  if (first === undefined) throw new Error('nothing was measured');
  return { value: first.value, spread: { min: first.value, max: first.value }, details: rest };
}
