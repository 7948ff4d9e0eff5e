import { describe, expect, it } from 'vitest';
import { postMedusa } from '../client.ts';
import { medusa } from '../index.ts';
import { medusaSettings } from '../settings.ts';
import { wireWritten } from '../wire.ts';
import { at, bench } from './bench.ts';
import { serveFake } from './index.ts';

describe('the fake has the vendor’s traps', () => {
  it('takes two identical fulfilments at once', async () => {
    const { fake, io } = bench();
    const order = fake.placeOrder({ lines: [{ quantity: 1 }] });
    const items = [{ id: order.items[0]?.id, quantity: 1 }];
    const fulfil = (): Promise<unknown> => postMedusa(io, `/orders/${order.id}/fulfillments`, { items }, wireWritten);
    await Promise.all([fulfil(), fulfil()]);
    expect(order.fulfilments).toHaveLength(2);
    await expect(fulfil()).rejects.toMatchObject({ reason: { kind: 'rejected', code: 'invalid_data' } });
  });

  it('sells no line from two locations', () => {
    const { fake } = bench();
    fake.addVariant({ sku: 'TEA', stocked: [2, 3] });
    expect(() => fake.placeOrder({ lines: [{ sku: 'TEA', quantity: 4 }] })).toThrow('Not enough stock');
  });

  it('moves no clock on a capture, refuses a foreign link, and a key as a Bearer token', async () => {
    const { fake, io } = bench();
    const order = fake.placeOrder({ lines: [{ quantity: 1 }], isCaptured: false });
    fake.capture(order.id);
    expect([order.version, order.updatedAt]).toEqual([1, at.toISOString()]);
    const bearer = new Request('http://bench.test/admin/stores', {
      headers: { authorization: `Bearer ${fake.state.apiKey}` },
    });
    expect((await fake.fetch(bearer)).status).toBe(401);
    const labels = [{ tracking_number: '1', tracking_url: 'javascript:alert(1)', label_url: '' }];
    const ship = postMedusa(io, `/orders/${order.id}/fulfillments/x/shipments`, { items: [], labels }, wireWritten);
    await expect(ship).rejects.toMatchObject({ reason: { code: 'invalid_data' } });
  });
});

describe('the fake on loopback', () => {
  it('is connected to with its own settings', async () => {
    const served = await serveFake({ port: 0 });
    try {
      const { io } = bench();
      const settings = medusaSettings.parse(served.settings);
      const report = await medusa.check({ ...io, settings, fetch: globalThis.fetch });
      expect(report).toEqual({ shopName: 'Fake shop', currency: 'EUR', timeZone: null });
    } finally {
      await served.close();
    }
  });
});
