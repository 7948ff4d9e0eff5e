import type { ConnectorIo } from '../../../src/connector-kit/index.ts';
import { medusaSettings, type MedusaSettings } from '../settings.ts';
import { createFakeMedusa, type FakeMedusa } from './create-fake-medusa.ts';

/** The time of the fake's clock and of every call. */
export const at = new Date('2026-11-21T12:00:00.000Z');
export const since = new Date(at.getTime() - 60_000);

type Bench = { fake: FakeMedusa; io: ConnectorIo<MedusaSettings>; requests: string[] };

/** A fresh fake with the hub's side of a call; `requests` are those made, as "GET /admin/orders". */
export function bench(options: Partial<MedusaSettings> = {}): Bench {
  const fake = createFakeMedusa(() => at);
  const requests: string[] = [];
  const settings = medusaSettings.parse({ baseUrl: 'http://bench.test', apiKey: fake.state.apiKey, ...options });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(`${request.method} ${new URL(request.url).pathname}`);
    return fake.fetch(request);
  };
  const log = { debug: () => undefined, warn: () => undefined };
  return { fake, requests, io: { settings, fetch, now: at, signal: new AbortController().signal, log } };
}
