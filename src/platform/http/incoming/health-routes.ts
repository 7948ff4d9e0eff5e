import { Hono } from 'hono';
import type { Metrics } from '../../metrics/index.ts';
import { mayScrape, type ScrapeRule } from './may-scrape.ts';

export type HealthOptions = {
  /** Each is asked with a deadline; one that throws or is late makes the process not ready. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** What a person should know of a process that is ready all the same; null: nothing. */
  readonly notes?: Readonly<Record<string, () => Promise<string | null>>>;
  readonly metrics: Metrics;
  readonly scrape: ScrapeRule;
  readonly checkTimeoutMs?: number;
};

/**
 * `/livez`: the process answers. `/readyz`: the database and the queue do (503 otherwise, naming which). `/metrics`:
 * Prometheus, for whom `scrape` lets in. The first two need no token: they show names only.
 */
export function healthRoutes(options: HealthOptions): Hono {
  const timeoutMs = options.checkTimeoutMs ?? 2_000;
  return new Hono()
    .get('/livez', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const names = Object.keys(options.checks);
      const answers = await Promise.all(Object.values(options.checks).map((check) => isWell(check, timeoutMs)));
      const checks = Object.fromEntries(names.map((name, index) => [name, answers[index] === true ? 'ok' : 'failed']));
      const isReady = answers.every(Boolean);
      const notes = isReady ? await readNotes(options.notes ?? {}) : {};
      return c.json({ status: isReady ? 'ok' : 'failed', checks, ...notes }, isReady ? 200 : 503);
    })
    .get('/metrics', mayScrape(options.scrape), async (c) => {
      const { contentType, text } = await options.metrics.render();
      return c.body(text, 200, { 'Content-Type': contentType });
    });
}

async function readNotes(asked: NonNullable<HealthOptions['notes']>): Promise<{ notes?: Record<string, string> }> {
  const notes: Record<string, string> = {};
  for (const [name, read] of Object.entries(asked)) {
    const note = await read().catch(() => null);
    if (note !== null) notes[name] = note;
  }
  return Object.keys(notes).length === 0 ? {} : { notes };
}

async function isWell(check: () => Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const asked = check().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
