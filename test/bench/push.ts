import type { BenchCase, BenchResult } from './bench-case.ts';
import { connectLiveShop } from './connect-live-shop.ts';
import { openLiveShop } from './live-shop.ts';
import { openLoggedHub } from './webhook-shop.ts';
import type { BenchWorld } from './world.ts';

const listingCount = 10_000;
const receivedAtFirst = 20;
const receivedThen = 5;
const deadlineMs = 120_000;
/** The shop's limit is full again after four seconds without calls. */
const restMs = 5_000;

/** Goods of 10,000 SKUs are received in one transaction: until the last listing of a sandbox shop shows its new number. */
export const pushTime: BenchCase = {
  name: 'time.push_s',
  unit: 's',
  goal: { atMost: 10 },
  run: measure,
};

async function measure(world: BenchWorld): Promise<BenchResult> {
  const database = await world.createDatabase();
  const shop = await openLiveShop(listingCount);
  const { hub, close } = await openLoggedHub(database, [shop.origin]);
  try {
    const connected = await connectLiveShop(hub, shop);
    await connected.receive(receivedAtFirst);
    await hub.work();
    const firstMs = await timed(() => inTime(shop.showsEverywhere(receivedAtFirst)));
    world.tell(`the first numbers of ${listingCount} listings: ${Math.round(firstMs)} ms`);
    await hub.deps.clock.sleep(restMs);
    const durationMs = await timed(async () => {
      await connected.receive(receivedThen);
      await inTime(shop.showsEverywhere(receivedAtFirst + receivedThen));
    });
    const seconds = durationMs / 1_000;
    return {
      value: seconds,
      spread: { min: seconds, max: seconds },
      details: [
        { name: 'first', value: firstMs / 1_000, unit: 's' },
        { name: 'rate', value: listingCount / seconds, unit: 'listings/s' },
      ],
    };
  } finally {
    await close();
    await shop.close();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not every listing is told after ${deadlineMs} ms`)), deadlineMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
