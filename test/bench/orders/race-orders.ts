import pg from 'pg';
import type { RawDocument } from '../../../src/connector-kit/index.ts';
import type { Hub } from '../../../src/main/hub.ts';
import type { BenchResult } from '../bench-case.ts';
import { compareInRounds, type Measured } from '../rounds.ts';
import type { BenchDatabase, BenchWorld } from '../world.ts';
import { createPaperSandbox, seedShop, type BenchShop, type PaperSandbox } from './bench-shop.ts';
import { castBatch } from './cast-batch.ts';
import { writeBatch } from './ceiling-path.ts';
import { takeThrough } from './product-path.ts';
import { countRows, readMold, type Mold } from './read-mold.ts';
import { checkSameRows } from './same-rows.ts';
import { sandboxDocument, type BenchBasket, type BenchItem } from './sandbox-document.ts';

export type OrderRace = {
  readonly itemCount: number;
  readonly ordersPerRound: number;
  /** Orders in one transaction of the ceiling; divides `ordersPerRound`. */
  readonly ceilingBatch: number;
  basket(items: readonly BenchItem[], serial: number): BenchBasket;
};

type Start = { readonly database: BenchDatabase; readonly shop: BenchShop; readonly mold: Mold };

/**
 * The way of orders from the channel's page to planned shipments against the limit of the database. The product first takes
 * one batch through; the rows that it wrote are the mold of all that the ceiling writes. Each side then goes on in a database
 * of its own that begins with those.
 */
export async function raceOrders(world: BenchWorld, race: OrderRace): Promise<BenchResult> {
  const start = await seed(world, race);
  const [ours, limit] = [await world.copyDatabase(start.database), await world.copyDatabase(start.database)];
  const paper = createPaperSandbox();
  const hub = await world.openHub(ours, { connectors: paper.connectors });
  const client = await connect(limit);
  const ceilingRound = writeRound(client, start.mold, race);
  const productRound = takeRound(hub, start.shop, paper, race);
  // Caches, plans and pools of both are warm before the first round.
  await ceilingRound(0)();
  await productRound(0)();
  const result = await compareInRounds({
    unit: 'orders',
    unitsPerRound: race.ordersPerRound,
    ceiling: (round) => measure(client, ceilingRound(round + 1)),
    product: (round) => measure(client, productRound(round + 1)),
    tell: (line) => world.tell(`  ${line}`),
  });
  await client.end();
  await hub.close();
  await checkSameRows(limit, ours);
  return result;
}

async function seed(world: BenchWorld, race: OrderRace): Promise<Start> {
  const database = await world.createDatabase();
  const paper = createPaperSandbox();
  const hub = await world.openHub(database, { connectors: paper.connectors });
  const client = await connect(database);
  const shop = await seedShop(hub, race.itemCount);
  const before = await countRows(client);
  await takeThrough(hub, shop, paper, documents(shop, race, 0, race.ceilingBatch));
  const mold = await readMold(client, before);
  await client.query('analyze');
  await client.end();
  await hub.close();
  return { database, shop, mold };
}

/** What a round is to write is made before its time is taken. */
type Round = (round: number) => () => Promise<void>;

function takeRound(hub: Hub, shop: BenchShop, paper: PaperSandbox, race: OrderRace): Round {
  return (round) => {
    const told = documents(shop, race, race.ceilingBatch + round * race.ordersPerRound, race.ordersPerRound);
    return () => takeThrough(hub, shop, paper, told);
  };
}

function writeRound(client: pg.Client, mold: Mold, race: OrderRace): Round {
  const perRound = race.ordersPerRound / race.ceilingBatch;
  return (round) => {
    const batches = Array.from({ length: perRound }, (_, index) => castBatch(mold, round * perRound + index + 1));
    return async () => {
      for (const batch of batches) await writeBatch(client, batch);
    };
  };
}

function documents(shop: BenchShop, race: OrderRace, after: number, count: number): RawDocument[] {
  const now = new Date();
  return Array.from({ length: count }, (_, index) => {
    const serial = after + index + 1;
    return sandboxDocument(serial, race.basket(shop.items, serial), now);
  });
}

async function measure(client: pg.Client, work: () => Promise<void>): Promise<Measured> {
  const walBefore = await readWal(client);
  const startedMs = performance.now();
  await work();
  const durationMs = performance.now() - startedMs;
  return { durationMs, walBytes: (await readWal(client)) - walBefore };
}

/** Bytes of WAL that the server has ever written. */
async function readWal(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as bytes`,
  );
  return rows[0]?.bytes ?? 0;
}

async function connect({ url }: BenchDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // Where the bench fails its server goes first; the failure is what is to be told.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
