import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createStore, serveStore, storeSettings, type FakeStore } from '../../../connectors/custom/fake/index.ts';
import { useDatabase } from '../../../test/support/database.ts';
import { useWharf } from '../../../test/support/wharf-here.ts';
import { rows } from '../../platform/db/index.ts';
import { newId } from '../../kernel/index.ts';
import { sql } from 'drizzle-orm';

const database = useDatabase();
const { wharf } = useWharf(database);
let store: FakeStore;
let served: { origin: string; close(): Promise<void> };

beforeAll(async () => {
  store = createStore();
  served = await serveStore(store);
  vi.stubEnv('WHARF_PRIVATE_ORIGINS', served.origin);
  vi.stubEnv('STORE_SECRET', store.secrets[0] ?? '');
});
afterAll(async () => {
  await served.close();
});

it('connects a store, shows what was sent to it, sends again and changes its secret', async () => {
  const { shopName, currency, endpointUrl } = storeSettings(store, served.origin);
  const open = Object.entries({ shopName, currency, endpointUrl }).flatMap(([key, value]) => [
    '--set',
    `${key}=${value}`,
  ]);
  const connected = await wharf(
    'shop',
    'connect',
    'custom',
    ...open,
    '--secret-from-env',
    'signingSecret=STORE_SECRET',
  );
  expect(connected).toMatch(/webhooks +register this path at the channel[^\n]*\/hooks\//);
  expect(connected).not.toContain(store.secrets[0]);
  await database.run((ctx) =>
    rows(
      ctx.tx,
      sql`insert into delivery_attempts (id, shop_id, message_id, type, subject_kind, subjects, attempt, at, duration_ms, status, excerpt, error)
          select ${newId()}, id, 'shipment_WH-1-1', 'shipment.shipped', 'announcement', '[]', 1, ${ctx.now}, 12, 500, 'oops', 'outcome_unknown' from shops`,
    ),
  );
  expect(await wharf('delivery', 'list', 'Own', '--failed')).toMatch(
    /shipment\.shipped +1 +outcome_unknown \(500\) +12 +- +shipment_WH-1-1/,
  );
  expect(await wharf('delivery', 'show', 'Own', 'shipment_WH-1-1')).toMatch(/oops/);
  expect(await wharf('delivery', 'resend', 'Own', '--failed-since', '2026-01-01')).toMatch(/messages +1/);
  await expect(wharf('delivery', 'resend', 'Own', 'nothing')).rejects.toThrow(/Next: wharf delivery list/);
  await expect(wharf('delivery', 'resend', 'Own')).rejects.toThrow(/name one message/);
  expect(await wharf('shop', 'rotate-secret', 'Own', '--overlap-hours', '1')).toMatch(
    /secret +whsec_[A-Za-z0-9+/]{43}=/,
  );
  await expect(wharf('shop', 'rotate-secret', 'Own', '--overlap-hours', '999')).rejects.toThrow(/between 0 and 168/);
});
