import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldLine, soldOrder } from '../../test/support/factories/channel-order.ts';
import { openInvoicingWorld, someSeller, type InvoicingWorld } from '../../test/support/factories/invoicing-world.ts';
import { rows } from '../platform/db/index.ts';
import {
  changeSeller,
  forgetReceivers,
  getInvoice,
  invoicesMarker,
  listInvoices,
  listInvoicesOfOrder,
  numberInvoices,
  readInvoiceReceiver,
  type InvoiceFilters,
} from './index.ts';

const database = useDatabase({ markers: [invoicesMarker] });
let world: InvoicingWorld;

beforeAll(async () => {
  world = await openInvoicingWorld(database, { at: 'payment' });
});

describe('what was issued', () => {
  test('never changes, whatever the order and the seller do: the database refuses it', async () => {
    await world.takeIn([soldOrder('frozen', { lines: [soldLine('line-1', { title: '青花瓷杯' })] })]);
    await world.number();
    const [issued] = await world.invoicesOf('frozen');
    if (issued === undefined) throw new Error('no invoice');
    await database.run((ctx) => changeSeller(ctx, { ...someSeller, legalName: '改名有限公司' }));
    await database.run((ctx) =>
      rows(ctx.tx, sql`update order_lines set title = 'Other' where order_id = ${issued.orderId}`),
    );
    const { content } = await database.read((db) => getInvoice(db, { number: issued.number }));
    expect(content).toMatchObject({ seller: { legalName: someSeller.legalName }, lines: [{ title: '青花瓷杯' }] });
    for (const change of [
      sql`update invoices set total_minor = 1 where id = ${issued.invoiceId}`,
      sql`delete from invoices where id = ${issued.invoiceId}`,
      sql`update invoice_receivers set keep_until = '2020-01-01' where invoice_id = ${issued.invoiceId}`,
      sql`delete from invoice_receivers where invoice_id = ${issued.invoiceId}`,
      sql`truncate invoice_receivers`,
    ]) {
      await expect(database.run((ctx) => rows(ctx.tx, change))).rejects.toMatchObject({ code: '23001' });
    }
    expect(issued.number).toMatch(/^INV-\d{4}-000001$/);
    await database.run((ctx) => changeSeller(ctx, someSeller));
  });

  test('keeps its receiver sealed, also when the order forgets him', async () => {
    await world.takeIn([soldOrder('sealed')]);
    await world.number();
    const [issued] = await world.invoicesOf('sealed');
    if (issued === undefined) throw new Error('no invoice');
    await database.run((ctx) =>
      rows(
        ctx.tx,
        sql`update order_receivers set ciphertext = null, data_key = null, erased_at = ${ctx.now} where order_id = ${issued.orderId}`,
      ),
    );
    const stored = await database.read((db) =>
      rows(
        db,
        sql`select to_jsonb(i)::text || to_jsonb(v)::text as text from invoices i join invoice_receivers v on v.invoice_id = i.id where i.id = ${issued.invoiceId}`,
      ),
    );
    expect(JSON.stringify(stored)).not.toContain('Lovelace');
    const receiver = await database.read((db) => readInvoiceReceiver(db, world.deps.keyring, issued.invoiceId));
    expect(receiver).toEqual({
      name: 'Ada Lovelace',
      company: '',
      address: ['Kaistraße 1', '20457 Hamburg', 'DE'],
      isMasked: false,
    });
  });

  test('is listed by order, shop, kind and day, page by page', async () => {
    await world.takeIn([soldOrder('list-1')], [soldOrder('list-2')], [soldOrder('list-3')]);
    await world.number();
    const list = (filters: InvoiceFilters, limit = 100) =>
      database.read((db) => listInvoices(db, { after: null, limit }, filters));
    const { shopId } = world;
    const all = await list({ shopId });
    const first = await list({ shopId }, 2);
    const rest = await database.read((db) => listInvoices(db, { after: first.next, limit: 100 }, { shopId }));
    expect([...first.items, ...rest.items]).toEqual(all.items);
    const today = all.items[0]?.issuedOn ?? '';
    expect((await list({ shopId, from: today, until: today })).items).toHaveLength(all.items.length);
    expect((await list({ until: '2020-01-01' })).items).toEqual([]);
    expect((await list({ kind: 'credit_note' })).items).toEqual([]);
    const { orderId } = await world.read('list-2');
    const ofOrder = await database.read((db) => listInvoicesOfOrder(db, orderId));
    expect(ofOrder).toEqual((await list({ orderId })).items);
    expect(ofOrder).toMatchObject([{ kind: 'invoice', totalMinor: 1_000 }]);
  });

  test('forgets its receiver when the term of law is over, and nothing else', async () => {
    await database.run((ctx) => changeSeller(ctx, { ...someSeller, keepReceiversYears: 1 }));
    await world.takeIn([soldOrder('term')]);
    await database.run((ctx) => numberInvoices({ ...ctx, now: new Date('2020-06-01T00:00:00Z') }, world.deps, 10));
    const [issued] = await world.invoicesOf('term');
    if (issued === undefined) throw new Error('no invoice');
    const receiver = () => database.read((db) => readInvoiceReceiver(db, world.deps.keyring, issued.invoiceId));
    expect(await database.run((ctx) => forgetReceivers({ ...ctx, now: new Date('2021-12-31T12:00:00Z') }))).toBe(0);
    expect(await receiver()).not.toBeNull();
    expect(await database.run((ctx) => forgetReceivers(ctx))).toBe(1);
    expect(await receiver()).toBeNull();
    expect((await database.read((db) => getInvoice(db, { id: issued.invoiceId }))).totalMinor).toBe(1_000);
  });
});
