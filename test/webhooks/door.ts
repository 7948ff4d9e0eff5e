import type { OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { connectShop, type ShopDeps } from '../../src/channels/index.ts';
import { hookRoutes } from '../../src/inbound/index.ts';
import { systemClock, type ShopId } from '../../src/kernel/index.ts';
import { openKeyring } from '../../src/platform/crypto/index.ts';
import { firstRow } from '../../src/platform/db/index.ts';
import { createApp, type AppEnv } from '../../src/platform/http/index.ts';
import type { TestDatabase } from '../support/database.ts';
import { recordingLog, type LogLine } from '../support/quiet-log.ts';
import { schemes, sentBodies, type Scheme, type SentBodies } from './schemes.ts';

/** A shop that is connected to a channel's fake, and the address that the channel delivers to. */
export type ConnectedShop = {
  readonly scheme: Scheme;
  readonly shopId: ShopId;
  readonly path: string;
  readonly secret: string;
} & Pick<SentBodies, 'bodies' | 'spare'>;

export type Door = {
  readonly deps: ShopDeps;
  readonly app: OpenAPIHono<AppEnv>;
  readonly lines: readonly LogLine[];
  readonly shops: readonly ConnectedShop[];
  /** Rows that webhooks of a shop have left. */
  stored(shopId: ShopId): Promise<Stored>;
};

export type Stored = {
  readonly events: number;
  readonly bodies: number;
  readonly reads: number;
  readonly exceptions: number;
};

export const nothingStored: Stored = { events: 0, bodies: 0, reads: 0, exceptions: 0 };

/** The hub's HTTP face for webhooks, on a database, with a shop of every scheme. */
export async function openDoor(database: TestDatabase): Promise<Door> {
  const log = recordingLog();
  const deps: ShopDeps = {
    database,
    keyring: openKeyring({ masterKey: new Uint8Array(32).fill(7) }),
    connectors: new Map(schemes.map(({ harness }) => [harness.connector.code, harness.connector])),
    outgoing: { fetchFor: () => globalThis.fetch, guardProcess: () => () => undefined, close: () => Promise.resolve() },
    clock: systemClock,
    log,
  };
  const app = createApp({ database, log, authenticate: async () => null });
  app.route('/hooks', hookRoutes(deps));
  const shops: ConnectedShop[] = [];
  for (const scheme of schemes) {
    const { settings, bodies, spare } = await sentBodies(scheme);
    const { shopId, webhookKey } = await database.run((ctx) =>
      connectShop(ctx, deps, {
        channel: scheme.harness.connector.code,
        name: scheme.name,
        settings,
        claimsAt: 'placed',
        ordersSince: new Date('2026-01-01T00:00:00Z'),
        pushesStock: false,
        report: { shopName: scheme.name, currency: 'EUR', timeZone: 'UTC' },
      }),
    );
    shops.push({ scheme, shopId, path: `/hooks/${webhookKey}`, secret: scheme.secretOf(settings), bodies, spare });
  }
  return {
    deps,
    app,
    lines: log.lines,
    shops,
    stored: async (shopId) => {
      const found = await database.read((db) =>
        firstRow<Stored>(
          db,
          sql`select (select count(*)::int from inbox_events e where e.shop_id = ${shopId}) as events,
                (select count(*)::int from inbox_bodies b join inbox_events e on e.id = b.inbox_event_id
                  where e.shop_id = ${shopId}) as bodies,
                (select count(*)::int from order_reads r where r.shop_id = ${shopId}) as reads,
                (select count(*)::int from exceptions x where x.shop_id = ${shopId}) as exceptions`,
        ),
      );
      return found ?? nothingStored;
    },
  };
}
