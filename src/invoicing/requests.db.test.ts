import { sql } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldLine, soldOrder } from '../../test/support/factories/channel-order.ts';
import {
  findInvoicingDifferences,
  openInvoicingWorld,
  type InvoicingWorld,
} from '../../test/support/factories/invoicing-world.ts';
import { allocate, listShipments, shipOut } from '../fulfilment/index.ts';
import { rows } from '../platform/db/index.ts';
import { listExceptions } from '../platform/exceptions/index.ts';
import { invoicesMarker, listRequests, requestInvoice } from './index.ts';

const database = useDatabase({ markers: [invoicesMarker] });
let atShipOut: InvoicingWorld;
let atPayment: InvoicingWorld;
let never: InvoicingWorld;

beforeAll(async () => {
  atShipOut = await openInvoicingWorld(database, { at: 'ship_out' });
  atPayment = await openInvoicingWorld(database, { at: 'payment' });
  never = await openInvoicingWorld(database, {});
});

afterEach(async () => expect(await findInvoicingDifferences(database)).toEqual([]));

const three = [soldLine('line-1', { quantity: 3 })];
const refundOf = (externalId: string, amountMinor: number, state: 'settled' | 'pending' | 'failed' = 'settled') => ({
  externalId,
  paymentExternalId: null,
  state,
  amountMinor,
  reason: 'broken',
  at: '2026-11-20T12:00:00Z',
  lines: [],
});
const requestsOf = async (world: InvoicingWorld, externalId: string) => {
  const { orderId } = await world.read(externalId);
  return (await database.read((db) => listRequests(db, { after: null, limit: 50 }, { orderId }))).items.toReversed();
};
/** "invoice 3000" and "credit_note 500", oldest first. */
const issued = async (world: InvoicingWorld, externalId: string) => {
  await world.number();
  return (await world.invoicesOf(externalId)).map((each) => `${each.kind} ${each.totalMinor}`);
};

describe('the ship-out that completes an order requests its invoice', () => {
  test('a parcel with a part of it does not, the last one does, once', async () => {
    await atShipOut.takeIn([soldOrder('ship', { lines: three })]);
    const { orderId } = await atShipOut.read('ship');
    await database.run((ctx) => allocate(ctx, 100));
    expect(await requestsOf(atShipOut, 'ship')).toEqual([]);
    const { items } = await database.read((db) => listShipments(db, { after: null, limit: 5 }, { orderId }));
    const [parcel] = items;
    if (parcel === undefined) throw new Error('no parcel');
    const out = {
      shipmentId: parcel.shipmentId,
      carrier: 'SF',
      trackingNumber: 'SF1',
      trackingUrl: null,
      service: null,
    };
    await database.run((ctx) => shipOut(ctx, [out]));
    await database.run((ctx) => shipOut(ctx, [out]));
    expect(await requestsOf(atShipOut, 'ship')).toMatchObject([{ kind: 'invoice', source: 'ship_out', state: 'due' }]);
    expect(database.rings).toContain('invoicing');
    expect(await issued(atShipOut, 'ship')).toEqual(['invoice 3000']);
    expect((await atShipOut.read('ship')).timeline.map((entry) => entry.kind)).toContain('invoiced');
  });

  test('what the channel shows as fulfilled counts; an order placed before the rule does not', async () => {
    const lines = [soldLine('line-1', { fulfilledQuantity: 1 })];
    await atShipOut.takeIn(
      [soldOrder('elsewhere', { lines })],
      [soldOrder('older', { lines, placedAt: '2025-12-31T23:59:59Z' })],
    );
    expect(await issued(atShipOut, 'elsewhere')).toEqual(['invoice 1000']);
    expect(await issued(atShipOut, 'older')).toEqual([]);
  });
});

describe('the payment requests the invoice', () => {
  test('once it is there, and not again with each document', async () => {
    await atPayment.takeIn([soldOrder('pay', { paymentState: 'unpaid', paidAt: null })]);
    expect(await requestsOf(atPayment, 'pay')).toEqual([]);
    await atPayment.takeIn([soldOrder('pay'), 1]);
    await atPayment.takeIn([soldOrder('pay', { buyerNote: 'ring twice' }), 2]);
    expect(await issued(atPayment, 'pay')).toEqual(['invoice 1000']);
    await atPayment.takeIn([soldOrder('pay', { buyerNote: 'ring thrice' }), 3]);
    expect(await issued(atPayment, 'pay')).toEqual(['invoice 1000']);
  });

  test('an order that is cancelled before its number gets none', async () => {
    await atPayment.takeIn([soldOrder('early')]);
    await atPayment.takeIn([soldOrder('early', { cancelledAt: '2026-11-20T13:00:00Z' }), 1]);
    expect(await issued(atPayment, 'early')).toEqual([]);
    expect(await requestsOf(atPayment, 'early')).toMatchObject([{ state: 'dropped' }]);
  });
});

describe('money that was paid back is credited', () => {
  test('each settled refund once, by what is not credited yet, never beyond the invoice', async () => {
    const at = (...refunds: ReturnType<typeof refundOf>[]) => soldOrder('refunds', { lines: three, refunds });
    await atPayment.takeIn([at(refundOf('r0', 250, 'pending'))]);
    expect(await issued(atPayment, 'refunds')).toEqual(['invoice 3000']);
    await atPayment.takeIn([at(refundOf('r0', 250)), 1]);
    await atPayment.takeIn([at(refundOf('r0', 250), refundOf('r1', 1_000)), 2]);
    expect(await issued(atPayment, 'refunds')).toEqual(['invoice 3000', 'credit_note 250', 'credit_note 1000']);
    await atPayment.takeIn([at(refundOf('r0', 300), refundOf('r1', 1_000), refundOf('r2', 9_000)), 3]);
    const all = await issued(atPayment, 'refunds');
    expect(all.slice(3)).toEqual(['credit_note 1750']);
  });

  test('a refund that fails after its credit note is told to a person, until as much is paid back or all is credited', async () => {
    const at = (...refunds: ReturnType<typeof refundOf>[]) => soldOrder('failed', { lines: three, refunds });
    const told = async () => {
      const { orderId } = await atPayment.read('failed');
      const wanted = { state: 'open', kind: 'invoice.refund_failed_after_credit', subjectId: orderId } as const;
      return (await database.read((db) => listExceptions(db, { after: null, limit: 100 }, wanted))).items;
    };
    await atPayment.takeIn([at()]);
    await atPayment.number();
    await atPayment.takeIn([at(refundOf('r0', 500), refundOf('r1', 250)), 1]);
    expect(await issued(atPayment, 'failed')).toEqual(['invoice 3000', 'credit_note 500', 'credit_note 250']);
    expect(await told()).toEqual([]);
    await atPayment.takeIn([at(refundOf('r0', 500, 'failed'), refundOf('r1', 250)), 2]);
    expect(await issued(atPayment, 'failed')).toHaveLength(3);
    expect(await told()).toMatchObject([
      { cause: { excessMinor: 500, creditedMinor: 750 }, nextStep: expect.stringMatching(/--amount 5\.00/) },
    ]);
    await atPayment.takeIn([at(refundOf('r0', 500, 'failed'), refundOf('r1', 250), refundOf('r2', 500)), 3]);
    expect(await told()).toEqual([]);
    expect(await issued(atPayment, 'failed')).toHaveLength(3);
    await atPayment.takeIn([at(refundOf('r0', 500, 'failed'), refundOf('r1', 250, 'failed'), refundOf('r2', 500)), 4]);
    expect(await told()).toMatchObject([{ cause: { excessMinor: 250 } }]);
    await atPayment.takeIn([soldOrder('failed', { lines: three, cancelledAt: '2026-11-20T13:00:00Z' }), 5]);
    expect(await told()).toEqual([]);
    expect((await issued(atPayment, 'failed')).slice(3)).toEqual(['credit_note 2250']);
  });

  test('a refund that came before the invoice is credited right after it', async () => {
    await atShipOut.takeIn([soldOrder('before', { lines: three, refunds: [refundOf('r', 500)] })]);
    const fulfilled = [soldLine('line-1', { quantity: 3, fulfilledQuantity: 3 })];
    await atShipOut.takeIn([soldOrder('before', { lines: fulfilled, refunds: [refundOf('r', 500)] }), 1]);
    expect(await issued(atShipOut, 'before')).toEqual(['invoice 3000', 'credit_note 500']);
  });

  test('a cancelled order credits its refunds, then the rest; reopened and shipped it gets another invoice', async () => {
    await atPayment.takeIn([soldOrder('cancel', { lines: three })]);
    await atPayment.number();
    const cancelledAt = '2026-11-20T13:00:00Z';
    await atPayment.takeIn([soldOrder('cancel', { lines: three, cancelledAt, refunds: [refundOf('r', 700)] }), 1]);
    expect(await issued(atPayment, 'cancel')).toEqual(['invoice 3000', 'credit_note 700', 'credit_note 2300']);
    await atPayment.takeIn([soldOrder('cancel', { lines: three, cancelledAt, refunds: [refundOf('r', 3_000)] }), 2]);
    expect(await issued(atPayment, 'cancel')).toHaveLength(3);
    await atPayment.takeIn([soldOrder('cancel', { lines: three }), 3]);
    expect((await issued(atPayment, 'cancel')).slice(3)).toEqual(['invoice 3000']);
  });
});

describe('an order that was edited after its invoice', () => {
  test('is corrected by a credit note of the whole and another invoice; what was overpaid is not credited twice', async () => {
    const payment = { externalId: 'p', method: 'card', state: 'paid' as const, amountMinor: 3_000, paidAt: null };
    await atPayment.takeIn([soldOrder('edit', { lines: three, payments: [payment] })]);
    await atPayment.number();
    const two = [soldLine('line-1', { quantity: 2 })];
    const edited = soldOrder('edit', { lines: two, payments: [payment], refunds: [refundOf('r', 1_000)] });
    await atPayment.takeIn([edited, 1]);
    expect(await issued(atPayment, 'edit')).toEqual(['invoice 3000', 'credit_note 3000', 'invoice 2000']);
    await atPayment.takeIn([{ ...edited, refunds: [refundOf('r', 1_000), refundOf('s', 400)] }, 2]);
    expect((await issued(atPayment, 'edit')).slice(3)).toEqual(['credit_note 400']);
    const [first, credit, second] = await atPayment.invoicesOf('edit');
    expect(credit?.corrects).toBe(first?.number);
    expect(first?.creditedMinor).toBe(3_000);
    expect(second?.creditedMinor).toBe(400);
  });
});

describe('a person', () => {
  test('may ask for an invoice where the rule says never; twice asked is one', async () => {
    await never.takeIn([soldOrder('hand')]);
    expect(await requestsOf(never, 'hand')).toEqual([]);
    const { orderId } = await never.read('hand');
    const asked = await Promise.all([1, 2, 3].map(() => database.run((ctx) => requestInvoice(ctx, orderId))));
    expect(new Set(asked.map((each) => each.requestId)).size).toBe(1);
    expect(await issued(never, 'hand')).toEqual(['invoice 1000']);
    const again = await database.run((ctx) => requestInvoice(ctx, orderId));
    expect(again).toMatchObject({ state: 'numbered', number: expect.stringMatching(/^INV-2026-\d{6}$/) });
  });

  test('may not have one of a cancelled order, and needs the scope', async () => {
    await never.takeIn([soldOrder('gone', { cancelledAt: '2026-11-20T13:00:00Z' })]);
    const { orderId } = await never.read('gone');
    await expect(database.run((ctx) => requestInvoice(ctx, orderId))).rejects.toMatchObject({
      code: 'invoice.order_cancelled',
    });
    const actor = { kind: 'token', id: 't', name: 't', scopes: ['invoices:read'] } as const;
    await expect(database.transact({ actor }, (ctx) => requestInvoice(ctx, orderId))).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});

test('nothing that races makes two invoices of an order stand: the database refuses the second', async () => {
  await never.takeIn([soldOrder('race')]);
  const { orderId } = await never.read('race');
  await database.run((ctx) => requestInvoice(ctx, orderId));
  const twin = sql`insert into invoice_requests (id, order_id, shop_id, version, kind, source, series_id, language, fact_at, created_at)
    select gen_random_uuid(), order_id, shop_id, version + 1, kind, source, series_id, language, fact_at, created_at
    from invoice_requests where order_id = ${orderId}`;
  await expect(database.run((ctx) => rows(ctx.tx, twin))).rejects.toMatchObject({
    constraint: 'invoice_requests_live',
  });
});
