import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { z } from 'zod';
import type { BenchDatabase } from '../world.ts';

/** A node of EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON). */
export type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string | undefined;
  readonly 'Actual Loops'?: number | undefined;
  readonly 'Actual Rows'?: number | undefined;
  readonly 'Shared Hit Blocks'?: number | undefined;
  readonly 'Shared Read Blocks'?: number | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
};

export type Explained = { readonly text: string; readonly plan: PlanNode };

const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Actual Loops': z.number().optional(),
    'Actual Rows': z.number().optional(),
    'Shared Hit Blocks': z.number().optional(),
    'Shared Read Blocks': z.number().optional(),
    Plans: z.array(planNode).optional(),
  }),
);
const entry = z.object({ 'Query Text': z.string(), Plan: planNode });

const settings: Readonly<Record<string, string>> = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_parameter_max_length': '0',
};

/** From now on every session that begins in this database writes the plan of each of its statements into the server's log. */
export async function explainFromNow({ url }: BenchDatabase): Promise<void> {
  const client = await connectSilently(url);
  const name = new URL(url).pathname.slice(1);
  // Its settings are known once it is loaded.
  await client.query("load 'auto_explain'");
  for (const [setting, value] of Object.entries(settings)) {
    await client.query(`alter database "${name}" set ${setting} = '${value}'`);
  }
  await client.end();
}

/** A connection whose statements are not explained. */
export async function connectSilently(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query("load 'auto_explain'; set auto_explain.log_min_duration = -1");
  return client;
}

/** What was explained while `work` ran: by the server's own log, so nothing is run twice and no SQL is copied. */
export async function explained(client: pg.Client, work: () => Promise<void>): Promise<Explained[]> {
  const { rows } = await client.query<{ dir: string }>(`select current_setting('data_directory') as dir`);
  const path = join(dirname(rows[0]?.dir ?? ''), 'server.log');
  const { size } = await stat(path);
  await work();
  return readPlans(createInterface({ input: createReadStream(path, { start: size }) }));
}

/** Entries are `… LOG:  duration: 0.1 ms  plan:` and the lines of a JSON text, each behind a tab. */
export async function readPlans(lines: AsyncIterable<string>): Promise<Explained[]> {
  const found: Explained[] = [];
  let text: string[] | null = null;
  const end = (): void => {
    if (text === null || text.length === 0) return;
    const parsed = entry.parse(JSON.parse(text.join('\n')));
    found.push({ text: parsed['Query Text'], plan: parsed.Plan });
  };
  for await (const line of lines) {
    if (text !== null && line.startsWith('\t')) {
      text.push(line.slice(1));
      continue;
    }
    end();
    text = /LOG: {2}duration: .* plan:$/.test(line) ? [] : null;
  }
  end();
  return found;
}
