import { Hono } from 'hono';
import type { Metrics } from '../../metrics/index.ts';

export type HealthOptions = {
  /** Each is asked with a deadline; one that throws or is late makes the process not ready. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  readonly metrics: Metrics;
  readonly checkTimeoutMs?: number;
};

/**
 * `/livez`: the process answers. `/readyz`: the database and the queue do (503 otherwise, naming which). `/metrics`:
 * Prometheus. None needs a token: they show names and counts only; bind the port where only you can reach it.
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
      return c.json({ status: isReady ? 'ok' : 'failed', checks }, isReady ? 200 : 503);
    })
    .get('/metrics', async (c) => {
      const { contentType, text } = await options.metrics.render();
      return c.body(text, 200, { 'Content-Type': contentType });
    });
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
