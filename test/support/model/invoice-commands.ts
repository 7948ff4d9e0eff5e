import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { numberInvoices } from '../../../src/invoicing/index.ts';
import { rows } from '../../../src/platform/db/index.ts';
import { orderKey, command, run, type Command } from './walk.ts';
import { sum, type Order } from './model.ts';

/** Numbers all that is due: then every order's documents sum to what its buyer owes in the end, and no series has a gap. */
export function numberCommand(): Command {
  return command('number invoices', async (model, real) => {
    while ((await run(real, (ctx) => numberInvoices(ctx, real.world.deps, 100))).more);
    const seen = await real.world.observer.see(real.walk);
    const invoiced = new Map(seen.orders.map((order) => [orderKey(order), order]));
    const facts = (order: Order) => ({ key: order.key, minor: owedMinor(order), isNumbered: true });
    const found = model.orders.map(({ key }) => {
      const order = invoiced.get(key);
      return { key, minor: order?.invoicedMinor, isNumbered: order?.isNumbered };
    });
    expect(found).toEqual(model.orders.map(facts));
    const gaps = await real.world.database.read((db) =>
      rows(
        db,
        sql`select series_id, period from invoices group by series_id, period
            having min(serial) <> 1 or max(serial) <> count(*) or count(distinct serial) <> count(*)`,
      ),
    );
    expect(gaps).toEqual([]);
  });
}

/** The total, less what was paid back of it; nothing where no invoice stands. */
function owedMinor({ isBilled, document }: Order): number {
  const refunded = sum(document.refunds, ({ amountMinor }) => amountMinor);
  return isBilled ? document.totalMinor - Math.min(refunded, document.totalMinor) : 0;
}
