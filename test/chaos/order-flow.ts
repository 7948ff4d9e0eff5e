import { sql } from 'drizzle-orm';
import { rows } from '../../src/platform/db/index.ts';
import { untilWithin } from '../support/api-client.ts';
import type { Harbour } from './open-harbour.ts';

export const until = untilWithin(240_000);
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const ordersThatFlow = 20;

/** Waits until orders go on being taken in: `what` is what should not stop them, or what they recover from. */
export async function orderFlow(harbour: Harbour, what: string): Promise<void> {
  const before = await until(`the database to answer ${what}`, () => countOrders(harbour));
  await until(`orders to be taken in ${what}`, async () => {
    const now = await countOrders(harbour);
    return now !== null && now >= before + ordersThatFlow ? now : null;
  });
}

/** Null while the database is away. */
async function countOrders({ database }: Harbour): Promise<number | null> {
  const found = await database
    .read((db) => rows<{ orders: number }>(db, sql`select count(*) as orders from orders`))
    .catch(() => []);
  return found[0]?.orders ?? null;
}

/** Of webhooks, by all shops: how many were answered so. */
export function countAnswers({ stalls }: Harbour, status: number): number {
  return stalls.reduce((sum, stall) => sum + (stall.statuses.get(status) ?? 0), 0);
}
