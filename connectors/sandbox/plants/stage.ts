import type { AnyConnector, ConnectorIo } from '../../../src/connector-kit/index.ts';
import { manualClock } from '../../../src/kernel/index.ts';
import {
  createSandbox,
  seededRandom,
  type Sandbox,
  type SandboxCharacter,
  type SandboxOptions,
} from '../fake/index.ts';
import { sandboxOf } from '../sandbox-of.ts';

/** A shop of one character, its connector, and a clock for both, all in this process. */
export type Stage = {
  readonly shop: Sandbox;
  readonly connector: AnyConnector;
  readonly clock: ReturnType<typeof manualClock>;
  readonly listings: readonly string[];
  settings: Record<string, unknown>;
  io(settings?: Record<string, unknown>): ConnectorIo<unknown>;
};

export function stage(character: SandboxCharacter, options: SandboxOptions & { start?: string } = {}): Stage {
  const { start = '2026-03-01T08:00:00.000Z', ...rest } = options;
  const clock = manualClock(new Date(start));
  const shop = createSandbox({ character, clock, random: seededRandom(7), ...rest });
  const made: Stage = {
    shop,
    connector: sandboxOf(character),
    clock,
    listings: shop.state.listings.map(({ id }) => id),
    settings: shop.settings('http://sandbox.test'),
    io: (settings = made.settings) => ({
      settings,
      fetch: (input, init) => shop.fetch(new Request(input, init)),
      now: clock.now(),
      signal: new AbortController().signal,
      log: { debug: () => undefined, warn: () => undefined },
    }),
  };
  return made;
}

export const buy = ({ shop, listings }: Stage, quantity = 1): string =>
  shop.placeOrder({ lines: [{ listingId: listings[0] ?? '', quantity }] }).id;

/** Reads every page from a state on; gives the ids and where to go on. */
export async function pollAll(
  { connector, io }: Stage,
  from: unknown,
  since: Date,
): Promise<{ ids: string[]; resume: unknown }> {
  const ids: string[] = [];
  for (let state = from; ;) {
    const page = await connector.orders.pullOrders?.(io(), state, since);
    ids.push(...(page?.items ?? []).map(({ externalId }) => externalId));
    if (page === undefined || page.next === null) return { ids, resume: page?.resume ?? null };
    state = page.next;
  }
}
