import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../src/kernel/index.ts';
import { createSandbox, serveSandbox, type Sandbox } from './index.ts';

type Call = (method: string, path: string, body?: unknown) => Promise<{ status: number; text: string }>;

async function withShop(run: (call: Call, sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = createSandbox({ clock: manualClock(new Date('2026-03-01T08:00:00.000Z')) });
  const server = await serveSandbox({ sandbox });
  const headers = { authorization: `Bearer ${sandbox.apiKey}` };
  const call: Call = async (method, path, body) => {
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${server.origin}/_control${path}`, init);
    return { status: response.status, text: await response.text() };
  };
  try {
    await run(call, sandbox);
  } finally {
    await server.close();
  }
}

describe('the control API of the sandbox, over HTTP', () => {
  it('does what buyers and staff do, and writes each into the journal with who did it', async () => {
    await withShop(async (call, sandbox) => {
      const [listing] = sandbox.state.listings;
      const lines = [{ listingId: listing?.id, quantity: 3, unitPriceMinor: 1000 }];
      const placed = await call('POST', '/orders', { lines, isPaid: false });
      const orderId = /"id":(\d{20})/.exec(placed.text)?.[1] ?? '';
      expect(placed.status).toBe(201);
      await call('POST', `/orders/${orderId}/pay`);
      await call('POST', `/orders/${orderId}/annotate`, { note: 'call first' });
      await call('POST', `/orders/${orderId}/refund`, { amount: '10.00', currency: 'EUR', reason: 'one less' });
      const line = sandbox.order(orderId).lines[0];
      await call('POST', `/orders/${orderId}/cancel`, { lines: [{ line_id: line?.id, quantity: 1 }] });
      await call('PUT', '/stock', { items: [{ listing_id: listing?.id, quantity: 5 }] });
      const journal = await call('GET', '/journal?after=1');
      const entries = [...journal.text.matchAll(/"by":"(\w+)","kind":"(\w+)"/g)].map(([, by, kind]) => `${by} ${kind}`);
      expect(entries).toEqual([
        'buyer paid',
        'staff annotated',
        'staff refunded',
        'staff cancelled',
        'staff stock_set',
      ]);
      expect(sandbox.saleable(listing?.id ?? '')).toBe(5);
      expect(JSON.parse((await call('GET', '/state')).text).orders[orderId].totalMinor).toBe(3000);
    });
  });

  it('switches faults on and off, and refuses one it does not know', async () => {
    await withShop(async (call, sandbox) => {
      expect((await call('POST', '/faults', { errorRate: 0.5, loseAnswers: 2 })).status).toBe(200);
      expect([sandbox.faults.errorRate, sandbox.faults.loseAnswers]).toEqual([0.5, 2]);
      expect((await call('POST', '/faults', { errorRate: 2 })).status).toBe(422);
      expect((await call('POST', '/faults', { explode: true })).status).toBe(422);
      await call('DELETE', '/faults');
      expect([sandbox.faults.errorRate, sandbox.faults.loseAnswers]).toEqual([0, 0]);
    });
  });

  it('says in the vendor’s words why it refuses', async () => {
    await withShop(async (call) => {
      expect(await call('POST', '/orders/1/pay')).toMatchObject({ status: 404 });
      expect(await call('POST', '/orders', { lines: [] })).toMatchObject({ status: 422 });
      expect((await call('POST', '/orders', { lines: 'no' })).text).toContain('bad_request');
      expect((await call('GET', '/nowhere')).text).toContain('no_such_path');
    });
  });
});
