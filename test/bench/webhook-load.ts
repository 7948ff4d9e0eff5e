import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openGun, postBytes } from './webhook-gun.ts';
import { tellOrders } from './webhook-orders.ts';

export type Load = {
  readonly origin: string;
  readonly path: string;
  readonly webhookSecret: string;
  /** Orders and their ids are a function of it. */
  readonly seed: number;
  readonly count: number;
  /** Each sends again when it is answered. */
  readonly connections: number;
};

export type LoadReport = {
  /** From the first request to the last answer. */
  readonly durationMs: number;
  readonly latenciesMs: readonly number[];
  readonly statuses: Readonly<Record<string, number>>;
};

/** A shop in a process of its own, which makes its webhooks first and then sends them all. */
export async function runLoad(load: Load): Promise<LoadReport> {
  const words = ['--import', 'tsx', fileURLToPath(import.meta.url), JSON.stringify(load)];
  const child = spawn(process.execPath, words, {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);
  const report: LoadReport = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  return report;
}

async function sendAll({ origin, path, webhookSecret, seed, count, connections }: Load): Promise<LoadReport> {
  const { host } = new URL(origin);
  const told = await tellOrders(seed, count, webhookSecret);
  const requests = told.map(({ headers, body }) => postBytes(path, host, headers, body));
  const gun = await openGun(origin, connections);
  const latenciesMs: number[] = [];
  const statuses: Record<string, number> = {};
  let next = 0;
  const startedMs = performance.now();
  const client = async (): Promise<void> => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const sentMs = performance.now();
      const status = await gun.fire(request);
      latenciesMs.push(performance.now() - sentMs);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const durationMs = performance.now() - startedMs;
  gun.close();
  return { durationMs, latenciesMs, statuses };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const load: Load = JSON.parse(process.argv[2] ?? '');
  process.stdout.write(JSON.stringify(await sendAll(load)));
}
