import pg from 'pg';
import { openShop } from '../../src/channels/index.ts';
import { serveHub } from '../../src/main/serve.ts';
import type { BenchCase, BenchFigure, BenchResult } from './bench-case.ts';
import { checkSameRows } from './orders/same-rows.ts';
import { compareInRounds, median, percentile, type Measured } from './rounds.ts';
import { serveCeiling } from './webhook-ceiling.ts';
import { runLoad, type LoadReport } from './webhook-load.ts';
import { connectSilentShop, openLoggedHub } from './webhook-shop.ts';
import type { BenchWorld } from './world.ts';

const requestsPerRound = 4_000;
/** Until then V8 still compiles what a hub does for one: the rates of both sides rise from round to round. */
const warmUpRounds = 3;
const connections = 64;

/** A signed webhook to its durable row and its 2xx, over HTTP on loopback, against the least that this can cost. */
export const webhookRatio: BenchCase = {
  name: 'ratio.webhook',
  unit: 'ratio',
  goal: { atLeast: 0.7 },
  run: measure,
};

async function measure(world: BenchWorld): Promise<BenchResult> {
  const [product, ceiling] = [await openSide(world), await openSide(world)];
  const result = await race(world, product, ceiling);
  await checkSameRows(ceiling.database, product.database);
  return result;
}

async function race(world: BenchWorld, product: Side, ceiling: Side): Promise<BenchResult> {
  const served = await serveHub(product.opened.hub, { host: '127.0.0.1', port: 0 });
  const bare = await serveCeiling(ceiling.database.url, ceiling.shop);
  const latencies: Record<'product' | 'ceiling', number[]> = { product: [], ceiling: [] };
  const round = async (name: 'product' | 'ceiling', number: number): Promise<Measured> => {
    const [side, origin] = name === 'product' ? [product, served.origin] : [ceiling, bare.origin];
    const before = await countStored(side.database.url);
    const seed = number + warmUpRounds;
    const load = {
      origin,
      path: `/hooks/${side.webhookKey}`,
      webhookSecret: secret,
      seed,
      count: requestsPerRound,
      connections,
    };
    const report = await runLoad(load);
    const after = await countStored(side.database.url);
    check(name, report, requestsPerRound, after.rows - before.rows);
    if (number > 0) latencies[name].push(...report.latenciesMs);
    return { durationMs: report.durationMs, walBytes: after.walBytes - before.walBytes };
  };
  try {
    for (let number = 1 - warmUpRounds; number <= 0; number += 1) {
      for (const name of ['product', 'ceiling'] as const) await round(name, number);
    }
    const result = await compareInRounds({
      unit: 'requests',
      unitsPerRound: requestsPerRound,
      product: (number) => round('product', number + 1),
      ceiling: (number) => round('ceiling', number + 1),
      tell: world.tell,
    });
    return { ...result, details: [...result.details, ...latencyFigures(latencies)] };
  } finally {
    await served.close();
    await bare.close();
    for (const side of [product, ceiling]) await side.opened.close();
  }
}

const secret = 'bench-webhook-secret';

type Side = Awaited<ReturnType<typeof openSide>>;

async function openSide(world: BenchWorld) {
  const database = await world.createDatabase();
  const opened = await openLoggedHub(database, ['http://127.0.0.1:9']);
  const settings = { baseUrl: 'http://127.0.0.1:9', apiKey: 'bench', webhookSecret: secret };
  const { shopId, webhookKey } = await connectSilentShop(opened.hub, settings);
  const { dataKey } = await opened.hub.deps.database.read((db) => openShop(db, opened.hub.deps, shopId));
  return { database, opened, webhookKey, shop: { shopId, dataKey, secret } };
}

type Stored = { readonly rows: number; readonly walBytes: number };

async function countStored(url: string): Promise<Stored> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Stored>(
    `select (select count(*) from inbox_events e join inbox_bodies b on b.inbox_event_id = e.id)::int4 as rows,
            (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 as "walBytes"`,
  );
  await client.end();
  const [stored] = rows;
  if (stored === undefined) throw new Error('nothing was counted');
  return stored;
}

/** A figure of answers that were not 202, or of rows that are not there, is no figure. */
function check(name: string, { statuses }: LoadReport, count: number, stored: number): void {
  if (statuses[202] === count && stored === count) return;
  throw new Error(`${name}: ${JSON.stringify(statuses)}, ${stored} rows for ${count} requests`);
}

function latencyFigures(latencies: Readonly<Record<'product' | 'ceiling', readonly number[]>>): BenchFigure[] {
  return (['ceiling', 'product'] as const).flatMap((name) => [
    { name: `${name}.p50`, value: median(latencies[name]), unit: 'ms' },
    { name: `${name}.p99`, value: percentile(latencies[name], 0.99), unit: 'ms' },
  ]);
}
