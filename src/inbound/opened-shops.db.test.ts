import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldOrder } from '../../test/support/factories/channel-order.ts';
import { openInboundWorld, type InboundWorld } from '../../test/support/factories/inbound-world.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import { changeShop, getShop, type ShopDeps } from '../channels/index.ts';
import { rows, type Database } from '../platform/db/index.ts';
import { createApp } from '../platform/http/index.ts';
import { answerWithin } from './answer-within.ts';
import { hookRoutes, openReception, type Reception } from './index.ts';

const database = useDatabase({ pools: { write: 8 } });

type Door = {
  readonly world: InboundWorld;
  readonly deps: ShopDeps;
  reads(): number;
  tell(order: string, key?: string): ReturnType<Reception>;
};

/** A shop whose messages are signed by its API key, and a count of how often it is read. */
async function openDoor(): Promise<Door> {
  const world = await openInboundWorld(database);
  const { connector } = world.channel;
  let reads = 0;
  const counted: Database = {
    ...world.deps.database,
    transact: world.deps.database.transact.bind(world.deps.database),
    store: world.deps.database.store.bind(world.deps.database),
    read: (work) => {
      reads += 1;
      return world.deps.database.read(work);
    },
  };
  const { webhooks } = connector;
  if (webhooks === undefined) throw new Error('no webhooks');
  const signed: typeof connector = {
    ...connector,
    webhooks: {
      ...webhooks,
      verify: (settings, request, now) =>
        (settings as { apiKey: string }).apiKey === request.headers.get('x-key')
          ? webhooks.verify(settings, request, now)
          : null,
    },
  };
  const deps = { ...world.deps, database: counted, connectors: new Map([['plain', signed]]) };
  const receive = openReception(deps);
  return {
    world,
    deps,
    reads: () => reads,
    tell: (id, key = 'key-1234') => receive(world.webhookKey, letter(id, key)),
  };
}

function letter(id: string, key: string) {
  const headers = new Headers({ 'x-signature': 'good', 'x-order': id, 'x-delivery': id, 'x-key': key });
  return { method: 'POST', url: 'http://hub/', headers, rawBody: Buffer.from(JSON.stringify(soldOrder(id))) };
}

async function changeKey(world: InboundWorld, apiKey: string): Promise<void> {
  const { version } = await database.read((db) => getShop(db, world.shopId));
  const settings = { baseUrl: 'https://plain.example.com', apiKey };
  await database.run((ctx) => changeShop(ctx, world.deps, { shopId: world.shopId, version, settings }));
}

describe('a shop at the door', () => {
  it('is read once for many messages, one after the other', async () => {
    const { reads, tell } = await openDoor();
    for (let index = 0; index < 20; index += 1) expect((await tell(`o${index}`)).status).toBe(202);
    expect((await tell('o3')).status).toBe(200);
    expect(reads()).toBe(1);
  });

  it('takes nothing by a key that was changed a moment ago, and everything by the new one', async () => {
    const { world, tell } = await openDoor();
    expect((await tell('o1')).status).toBe(202);
    await changeKey(world, 'key-5678');
    expect((await tell('o2')).status).toBe(401);
    expect((await tell('o3', 'key-5678')).status).toBe(202);
    await changeKey(world, 'key-9012');
    expect((await tell('o4', 'key-9012')).status).toBe(202);
    expect((await tell('o5', 'key-5678')).status).toBe(401);
    expect(await world.events()).toEqual({ pending: 3 });
  });

  it('takes nothing once it is removed, though it was kept', async () => {
    const { world, tell } = await openDoor();
    expect((await tell('o1')).status).toBe(202);
    await database.run((ctx) =>
      rows(ctx.tx, sql`update shops set state = 'removed', removed_at = ${ctx.now} where id = ${world.shopId}`),
    );
    expect((await Promise.all([tell('o2'), tell('o3'), tell('o1')])).map(({ status }) => status)).toEqual([
      410, 410, 410,
    ]);
    expect(await world.events()).toEqual({ pending: 1 });
  });

  it('is asked again where the kept one refuses, so that nobody is turned away by what is old', async () => {
    const { reads, tell } = await openDoor();
    await tell('o1');
    expect((await tell('o2', 'wrong')).status).toBe(401);
    expect(reads()).toBe(2);
  });
});

describe('a database that has fallen silent', () => {
  it('has a channel told to come again, which it does not have to wait for', async () => {
    const { world, deps } = await openDoor();
    const silent: Database = { ...deps.database, read: () => new Promise(() => undefined) };
    const app = createApp({ database: silent, log: quietLog, authenticate: () => Promise.resolve(null) });
    app.route('/hooks', hookRoutes({ ...deps, database: silent }, 20));
    const { method, headers, rawBody } = letter('o1', 'key-1234');
    const response = await app.request(`/hooks/${world.webhookKey}`, { method, headers, body: rawBody });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('and answers in time is heard, and so is one that fails', async () => {
    const known = { status: 200, body: { code: 'hook.known' }, headers: {} } as const;
    expect(await answerWithin(Promise.resolve(known), 1_000)).toBe(known);
    await expect(answerWithin(Promise.reject(new Error('broken')), 1_000)).rejects.toThrow('broken');
  });
});
