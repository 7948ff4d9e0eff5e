import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, systemActor, useDatabase } from '../../test/support/database.ts';
import { soldOrder } from '../../test/support/factories/channel-order.ts';
import {
  findInvoicingDifferences,
  openInvoicingWorld,
  type InvoicingWorld,
} from '../../test/support/factories/invoicing-world.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import type { OrderId } from '../kernel/index.ts';
import { openDatabase, rows } from '../platform/db/index.ts';
import {
  changeRule,
  confirmLastNumber,
  createSeries,
  invoicesMarker,
  listRequests,
  listSeries,
  lockAllSeries,
  numberInvoices,
  requestInvoice,
  retryRequest,
} from './index.ts';

const database = useDatabase({ markers: [invoicesMarker] });
let world: InvoicingWorld;

beforeAll(async () => {
  world = await openInvoicingWorld(database, { at: 'payment' });
});

const year = String(new Date().getUTCFullYear());
/** A series of its own for the shop of the test, and its code. */
let count = 0;
async function ownSeries(startAt = 1): Promise<string> {
  count += 1;
  const code = `T${count}`;
  const format = `${code}-{year}-{number:4}`;
  await database.run(async (ctx) => {
    await createSeries(ctx, { code, format, restarts: 'yearly', startAt });
    await changeRule(ctx, world.shopId, { invoiceSeries: code, creditSeries: code });
  });
  return code;
}
const series = async (code: string) => {
  const found = (await database.read((db) => listSeries(db))).find((each) => each.code === code);
  if (found === undefined) throw new Error(`no series ${code}`);
  return found;
};
const numbersOf = async (...externalIds: string[]) => {
  await world.number();
  const all = await Promise.all(externalIds.map((id) => world.invoicesOf(id)));
  return all.flat().map((each) => each.number);
};
const openExceptions = async (kind: string) =>
  database.read((db) =>
    rows<{ subjectId: string; cause: { code: string }; nextStep: string }>(
      db,
      sql`select subject_id as "subjectId", cause, next_step as "nextStep" from exceptions where kind = ${kind} and closed_at is null`,
    ),
  );

test('a thousand requests at once and four drains on connections of their own give the numbers 1 to 1000, each order once', async () => {
  const own = await createTestDatabase({ pools: { write: 8 } });
  try {
    const { shopId, deps } = await openInvoicingWorld(own, { at: 'payment' });
    const orderIds = await own.run((ctx) =>
      rows<{ id: OrderId }>(
        ctx.tx,
        sql`insert into orders (id, shop_id, external_id, external_number, document_hash, read_started_at, currency, prices_include_tax,
              lines_minor, shipping_minor, tax_minor, discount_minor, residual_minor, total_minor, buyer_paid_minor, receivable_minor,
              payment_state, is_closed_on_channel, placed_at, placed_at_source, created_at, updated_at)
            select gen_random_uuid(), ${shopId}, n::text, n::text, '', ${ctx.now}, 'EUR', true, 0, 0, 0, 0, n, n, n, n, 'paid', true,
                   ${ctx.now}, '', ${ctx.now}, ${ctx.now} from generate_series(1, 1000) n returning id`,
      ),
    );
    const drains = Array.from({ length: 4 }, () =>
      openDatabase({
        url: own.url,
        readUrl: own.readUrl,
        markers: [],
        log: quietLog,
        ring: () => {},
        pools: { write: 1, read: 1 },
      }),
    );
    const drain = async (place: number): Promise<void> => {
      const desk = drains[place % drains.length] ?? own;
      while ((await desk.transact({ actor: systemActor }, (ctx) => numberInvoices(ctx, deps, 100))).more);
    };
    // Twenty people ask for ten orders each, one after another; beside them documents bring 800 in batches of twenty.
    const people = Array.from({ length: 20 }, (_, place) => orderIds.slice(place * 10, place * 10 + 10));
    const batches = Array.from({ length: 40 }, (_, place) => orderIds.slice(200 + place * 20, 220 + place * 20));
    const asked = people.map(async (mine, place) => {
      for (const { id } of mine) await own.run((ctx) => requestInvoice(ctx, id));
      await drain(place);
    });
    const brought = batches.map(async (batch, place) => {
      const takenIn = { kind: 'order.taken_in', orderIds: batch.map(({ id }) => id) };
      await own.run((ctx) => invoicesMarker.mark(ctx, [takenIn]));
      if (place % 4 === 0) await drain(place / 4);
    });
    await Promise.all([...asked, ...brought]);
    await Promise.all(drains.map((_, place) => drain(place)));
    await Promise.all(drains.map((drain) => drain.close()));
    const given = await own.read((db) =>
      rows<{ serial: number; number: string; orderId: string }>(
        db,
        sql`select serial, number, order_id as "orderId" from invoices order by serial`,
      ),
    );
    expect(given.map((row) => row.serial)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
    expect(given[41]?.number).toBe(`INV-${year}-000042`);
    expect(new Set(given.map((row) => row.orderId)).size).toBe(1_000);
    expect(await findInvoicingDifferences(own)).toEqual([]);
  } finally {
    await own.close();
  }
});

describe('a number', () => {
  test('is not used by a transaction that fails after it was given', async () => {
    const code = await ownSeries();
    await world.takeIn([soldOrder('kill-1')], [soldOrder('kill-2')]);
    const killed = database.run(async (ctx) => {
      expect((await numberInvoices(ctx, world.deps, 1)).numbered).toBe(1);
      await rows(ctx.tx, sql`select pg_terminate_backend(pg_backend_pid())`);
    });
    await expect(killed).rejects.toThrow();
    expect((await series(code)).lastSerial).toBe(0);
    expect(await numbersOf('kill-1', 'kill-2')).toEqual([`${code}-${year}-0001`, `${code}-${year}-0002`]);
  });

  test('goes on where an earlier system ended', async () => {
    const code = await ownSeries(771);
    await world.takeIn([soldOrder('earlier')]);
    expect(await numbersOf('earlier')).toEqual([`${code}-${year}-0771`]);
    expect(await findInvoicingDifferences(database)).toEqual([]);
  });

  test('starts again with the year, and a clock that goes back stays in it', async () => {
    const code = await ownSeries();
    const at = async (instant: string, externalId: string) => {
      await world.takeIn([soldOrder(externalId)]);
      await database.run((ctx) => numberInvoices({ ...ctx, now: new Date(instant) }, world.deps, 10));
    };
    await at('2030-12-31T15:59:59Z', 'y-1');
    // Midnight has passed in Shenzhen.
    await at('2030-12-31T16:00:00Z', 'y-2');
    await at('2030-12-31T15:59:59Z', 'y-3');
    expect(await numbersOf('y-1', 'y-2', 'y-3')).toEqual([
      `${code}-2030-0001`,
      `${code}-2031-0001`,
      `${code}-2031-0002`,
    ]);
    expect(await findInvoicingDifferences(database)).toEqual([]);
  });

  test('is not taken by what cannot be issued: that is parked with its cause, and the others go on', async () => {
    const code = await ownSeries();
    await world.takeIn([soldOrder('bad-1')], [soldOrder('bad-2')], [soldOrder('bad-3')], [soldOrder('bad-4')]);
    const [second, third] = [await world.read('bad-2'), await world.read('bad-3')];
    await database.run(async (ctx) => {
      // A tax that the order does not know of; and a number that is taken already, which nobody could foresee.
      await rows(
        ctx.tx,
        sql`insert into order_taxes (id, order_id, order_line_id, title, rate_percent, amount_minor)
            select gen_random_uuid(), order_id, id, 'VAT', 19, 7 from order_lines where order_id = ${second.orderId}`,
      );
      await rows(
        ctx.tx,
        sql`create function refuse_third() returns trigger language plpgsql as $$
            begin if new.order_id = '${sql.raw(third.orderId)}' then raise exception 'no'; end if; return new; end $$`,
      );
      await rows(
        ctx.tx,
        sql`create trigger refuse_third before insert on invoices for each row execute function refuse_third()`,
      );
    });
    expect(await numbersOf('bad-1', 'bad-2', 'bad-3', 'bad-4')).toEqual([
      `${code}-${year}-0001`,
      `${code}-${year}-0002`,
    ]);
    const parked = await openExceptions('invoice.parked');
    expect(parked.map(({ cause }) => cause.code).sort()).toEqual(['invoice.does_not_add_up', 'invoice.not_storable']);
    await database.run((ctx) => rows(ctx.tx, sql`drop trigger refuse_third on invoices`));
    await database.run((ctx) => requestInvoice(ctx, third.orderId));
    expect(await numbersOf('bad-3')).toEqual([`${code}-${year}-0003`]);
    await database.run((ctx) => rows(ctx.tx, sql`delete from order_taxes where order_id = ${second.orderId}`));
    const { items } = await database.read((db) => listRequests(db, { after: null, limit: 9 }, { state: 'parked' }));
    for (const { requestId } of items) await database.run((ctx) => retryRequest(ctx, requestId));
    expect(await numbersOf('bad-2')).toEqual([`${code}-${year}-0004`]);
    expect(await openExceptions('invoice.parked')).toEqual([]);
  });
});

describe('a locked series', () => {
  test('waits for its last number; where none was lost all that waited goes on', async () => {
    const code = await ownSeries();
    await world.takeIn([soldOrder('lock-1')]);
    await world.number();
    await database.run((ctx) => lockAllSeries(ctx));
    await world.takeIn([soldOrder('lock-2')]);
    expect(await numbersOf('lock-2')).toEqual([]);
    expect((await openExceptions('invoice_series.locked')).some(({ nextStep }) => nextStep.includes(code))).toBe(true);
    const { seriesId } = await series(code);
    await expect(database.run((ctx) => confirmLastNumber(ctx, { seriesId, lastNumber: 0 }))).rejects.toMatchObject({
      code: 'invoice_series.number_too_low',
    });
    expect(await database.run((ctx) => confirmLastNumber(ctx, { seriesId, lastNumber: 1 }))).toMatchObject({
      lostNumbers: 0,
    });
    expect(await numbersOf('lock-2')).toEqual([`${code}-${year}-0002`]);
  });

  test('whose numbers were lost goes on after them, and nothing from before is issued blindly', async () => {
    const code = await ownSeries();
    await world.takeIn([soldOrder('lost-1')]);
    await database.run((ctx) => lockAllSeries(ctx));
    const { seriesId } = await series(code);
    expect(await database.run((ctx) => confirmLastNumber(ctx, { seriesId, lastNumber: 12 }))).toMatchObject({
      lostNumbers: 12,
    });
    await world.takeIn([soldOrder('lost-2', { paidAt: '2099-01-01T00:00:00Z' })]);
    expect(await numbersOf('lost-1', 'lost-2')).toEqual([`${code}-${year}-0013`]);
    const [doubted] = await openExceptions('invoice.parked');
    expect(doubted).toMatchObject({ cause: { code: 'invoice.may_have_been_issued' } });
    expect(await findInvoicingDifferences(database)).toEqual([]);
    const { orderId } = await world.read('lost-1');
    await database.run((ctx) => requestInvoice(ctx, orderId));
    expect(await numbersOf('lost-1')).toEqual([`${code}-${year}-0014`]);
    for (const other of await database.read((db) => listSeries(db))) {
      if (other.state === 'locked') {
        await database.run((ctx) => confirmLastNumber(ctx, { seriesId: other.seriesId, lastNumber: other.lastSerial }));
      }
    }
  });
});
