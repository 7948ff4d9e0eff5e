import { connectLiveShop } from '../connect-live-shop.ts';
import type { BenchCase, BenchResult } from '../bench-case.ts';
import { openLiveShop } from '../live-shop.ts';
import type { BenchWorld } from '../world.ts';
import { liveABusyDay, openDesk } from './busy-day.ts';
import { connectSilently, explained, explainFromNow, type Explained } from './explain-all.ts';
import { judgePlans, type Judged } from './judge-plans.ts';
import { beginDay, endDay, multiplyDay } from './multiply-orders.ts';

const listingCount = 200;
const unitsEach = 1_000_000;
const sizes = [10_000, 100_000] as const;
const toldMax = 30;

/**
 * How the statements of the running product are planned and what they read, among ten and a hundred thousand orders that are
 * done with. The value is the number of statements that are refused (`judgePlans`); a refused one ends the bench by name.
 */
export const growthPlans: BenchCase = {
  name: 'growth.plans',
  unit: 'statements',
  goal: { atMost: 0 },
  run: measure,
};

async function measure(world: BenchWorld): Promise<BenchResult> {
  const database = await world.createDatabase();
  await explainFromNow(database);
  const shop = await openLiveShop(listingCount);
  const hub = await world.openHub(database, { privateOrigins: [shop.origin] });
  const client = await connectSilently(database.url);
  try {
    const connected = await connectLiveShop(hub, shop);
    await connected.receive(unitsEach);
    const desk = await openDesk(hub);
    const large = await inOrder(desk.close, async () => {
      await beginDay(client);
      await liveABusyDay(desk, client, shop);
      const day = await endDay(client);
      const plans: Explained[][] = [];
      let copies = 0;
      for (const size of sizes) {
        const to = Math.ceil(size / day.orders);
        await multiplyDay(client, day, { from: copies + 1, to });
        copies = to;
        world.tell(`  a day among ${day.orders * copies} orders`);
        plans.push(await explained(client, () => liveABusyDay(desk, client, shop)));
      }
      return judgePlans(plans[0] ?? [], plans[1] ?? [], new Set(day.tables));
    });
    return resultOf(world, large);
  } finally {
    await client.end();
    await hub.close();
    await shop.close();
  }
}

async function inOrder<Result>(close: () => Promise<void>, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await close();
  }
}

/** Tells the table of the statements that read most, and ends with the refused. */
function resultOf(world: BenchWorld, judged: readonly Judged[]): BenchResult {
  world.tell(tableOf(judged.slice(0, toldMax)));
  const refused = judged.filter(({ faults }) => faults.length > 0);
  if (refused.length > 0) {
    const reasons = refused.map(({ name, faults }) => `${faults.join(' and ')}: ${name}`);
    throw new Error(`plans that do not hold:\n${reasons.join('\n')}`);
  }
  return {
    value: refused.length,
    spread: { min: 0, max: 0 },
    details: [
      { name: 'judged', value: judged.length, unit: 'statements' },
      { name: 'most', value: Math.max(...judged.map(({ pages }) => pages.large)), unit: 'pages' },
    ],
  };
}

function tableOf(judged: readonly Judged[]): string {
  const [small, large] = sizes.map((size) => `${size / 1_000}k`.padStart(7));
  const lines = judged.map(({ name, runs, pages, faults }) => {
    const cells = [runs, pages.small, pages.large].map((cell) => String(cell).padStart(7));
    return `${cells.join(' ')}  ${name.slice(0, 110)}${faults.length > 0 ? `  REFUSED: ${faults.join(', ')}` : ''}`;
  });
  return [`   runs ${small} ${large}  statement, and the most pages that one run of it touched`, ...lines].join('\n');
}
