import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import pg from 'pg';
import { newId, type ShopId } from '../../src/kernel/index.ts';
import { listen, type Listening } from '../../src/main/listen.ts';
import type { DataKey } from '../../src/platform/crypto/index.ts';

export type CeilingShop = { readonly shopId: ShopId; readonly secret: string; readonly dataKey: DataKey };

type Row = {
  readonly id: string;
  readonly externalId: string;
  readonly dedupeKey: string;
  readonly version: string;
  readonly hash: Buffer;
  readonly ciphertext: Uint8Array;
  resolve(): void;
  reject(error: unknown): void;
};

const groupMax = 200;
const groupsAtOnce = 2;

/**
 * The least that a durable webhook costs: bare Hono, the shop known beforehand, HMAC, what the rows need cut out of the bytes
 * without reading the JSON, the body sealed, and whoever waits committed together by one prepared statement that writes every
 * column and index of both tables.
 */
export async function serveCeiling(databaseUrl: string, shop: CeilingShop): Promise<Listening> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: groupsAtOnce });
  // A server that is stopped under an idle connection is said here; a query that fails says so itself.
  pool.on('error', () => undefined);
  const store = openGroups(pool, shop);
  const app = new Hono();
  app.post('/hooks/:key', async (c) => {
    const body = Buffer.from(await c.req.arrayBuffer());
    const eventId = c.req.header('sandbox-event-id') ?? '';
    const expected = createHmac('sha256', shop.secret)
      .update(`${eventId}.${c.req.header('sandbox-timestamp')}.`)
      .update(body)
      .digest();
    const given = Buffer.from(c.req.header('sandbox-signature') ?? '', 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return c.json({ code: 'bad' }, 401);
    await store(eventId, body);
    return c.json({ code: 'hook.stored' }, 202);
  });
  const listening = await listen(app.fetch, { host: '127.0.0.1', port: 0 });
  return {
    origin: listening.origin,
    async close() {
      await listening.close();
      await pool.end();
    },
  };
}

function openGroups(pool: pg.Pool, shop: CeilingShop): (eventId: string, body: Buffer) => Promise<void> {
  const waiting: Row[] = [];
  let running = 0;
  const run = async (): Promise<void> => {
    running += 1;
    while (waiting.length > 0) {
      const group = waiting.splice(0, groupMax);
      await insert(pool, shop.shopId, group).then(
        () => group.forEach(({ resolve }) => resolve()),
        (error: unknown) => group.forEach(({ reject }) => reject(error)),
      );
    }
    running -= 1;
  };
  return (eventId, body) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...toRow(shop, eventId, body), resolve, reject });
      // In a turn of its own, so that requests read from the sockets together are written together.
      if (running < groupsAtOnce) setImmediate(() => running < groupsAtOnce && void run());
    });
}

function toRow({ dataKey }: CeilingShop, eventId: string, body: Buffer): Omit<Row, 'resolve' | 'reject'> {
  const document = body.subarray(body.indexOf('"order":') + 8, -1);
  const head = document.toString('latin1', 0, 120);
  const id = newId<'inbox_event'>();
  return {
    id,
    externalId: /"id":(\d+)/.exec(head)?.[1] ?? '',
    version: /"version":(\d+)/.exec(head)?.[1] ?? '',
    dedupeKey: `webhook:${eventId}`,
    hash: createHash('sha256').update(document).digest(),
    ciphertext: dataKey.seal(document, `inbox_bodies.ciphertext ${id}`),
  };
}

const statement = `
  with told as (
    select * from unnest($2::uuid[], $3::text[], $4::text[], $5::numeric[], $6::bytea[], $7::bytea[])
      as t (id, external_id, dedupe_key, version, hash, ciphertext)
  ), fresh as (
    insert into inbox_events (id, shop_id, source, topic, external_id, dedupe_key, state, content_hash, source_version,
                              read_started_at, received_at, is_backfill, due_at)
    select id, $1, 'webhook', 'order', external_id, dedupe_key, 'pending', hash, version, statement_timestamp(),
           statement_timestamp(), false, statement_timestamp()
    from told order by dedupe_key on conflict (shop_id, dedupe_key) do nothing returning id
  )
  insert into inbox_bodies (inbox_event_id, ciphertext, stored_at)
  select told.id, told.ciphertext, statement_timestamp() from told join fresh using (id)`;

async function insert(pool: pg.Pool, shopId: ShopId, group: readonly Row[]): Promise<void> {
  await pool.query({
    name: 'told',
    text: statement,
    values: [
      shopId,
      group.map(({ id }) => id),
      group.map(({ externalId }) => externalId),
      group.map(({ dedupeKey }) => dedupeKey),
      group.map(({ version }) => version),
      byteArray(group.map(({ hash }) => hash)),
      byteArray(group.map(({ ciphertext }) => ciphertext)),
    ],
  });
}

/** `bytea[]` in the binary form of the wire (array_recv): half the bytes of its text, and nothing to escape. */
function byteArray(values: readonly Uint8Array[]): Buffer {
  const bytea = 17;
  const head = Buffer.alloc(20);
  for (const [index, word] of [1, 0, bytea, values.length, 1].entries()) head.writeInt32BE(word, index * 4);
  const parts: Uint8Array[] = [head];
  for (const value of values) {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value.byteLength);
    parts.push(length, value);
  }
  return Buffer.concat(parts);
}
