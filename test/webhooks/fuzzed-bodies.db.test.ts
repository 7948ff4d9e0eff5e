import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainInbox } from '../../src/inbound/index.ts';
import { firstRow, rows } from '../../src/platform/db/index.ts';
import { expectInboxSound } from '../support/factories/inbound-world.ts';
import { useDatabase } from '../support/database.ts';
import { figures, tellFigure } from '../support/figures.ts';
import { openDoor, type ConnectedShop, type Door } from './door.ts';
import { fuzzes, kindOf } from './fuzz-bodies.ts';
import { schemes, sign } from './schemes.ts';
import { inParallel, seededDice } from './seeded-dice.ts';

const database = useDatabase({ pools: { write: 8, read: 8 } });
const seed = 30_261_122;

let door: Door;
const done = new Map<string, string>();

beforeAll(async () => {
  door = await openDoor(database);
});

afterAll(async () => {
  for (const [name, outcome] of done) await tellFigure(`webhook fuzz: ${name}`, outcome);
});

describe('a well-signed body that nobody expected', () => {
  it.each(schemes.map(({ name }, index) => [name, index] as const))(
    'is stored or refused as documented: %s',
    async (name, index) => {
      const shop = door.shops[index];
      if (shop === undefined) throw new Error(`no shop of ${name}`);
      const dice = seededDice(seed + index, figures.fuzzedBodies);
      const answers = new Map<string, number>();
      const odd: string[] = [];
      await inParallel([...dice.entries()], 8, async ([at, throws]) => {
        const kind = kindOf(at, throws);
        const sound = shop.scheme.withId(shop.bodies[at % shop.bodies.length] ?? new Uint8Array(), `evt_${at}`);
        const body = fuzzes[kind]?.(Buffer.from(sound), throws) ?? new Uint8Array();
        const answer = await deliver(shop, `evt_${at}`, body);
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
        if (!documented.has(answer) || (kind === 'too long') !== answer.startsWith('413'))
          odd.push(`${kind}: ${answer}`);
      });
      expect(odd).toEqual([]);
      expect(door.lines.filter(({ level }) => level === 'error')).toEqual([]);
      const { events, bodies } = await door.stored(shop.shopId);
      expect(events).toBe(answers.get('202 hook.stored'));
      expect(bodies).toBe(events);
      const states = await drained(shop);
      expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(events);
      done.set(name, tell(answers, states));
      await goesOn(shop);
    },
  );
});

describe('an event id that no index has room for', () => {
  it.each(schemes.map(({ name }, index) => [name, index] as const))(
    'is refused, or known again: %s',
    async (_, index) => {
      const shop = door.shops[index];
      if (shop === undefined) throw new Error('no shop');
      const id = Array.from({ length: 300 }, (__, each) => `${each ** 7}`.slice(-9)).join('');
      const body = shop.scheme.withId(shop.spare, id);
      const answers = [await deliver(shop, id, body), await deliver(shop, id, body)];
      const isRefused = answers[0]?.startsWith('401') ?? false;
      expect(answers).toEqual(
        isRefused ? Array(2).fill('401 hook.bad_signature') : ['202 hook.stored', '200 hook.known'],
      );
    },
  );
});

/** Signed and read; well signed and none of our business, or known already; longer than the limit. */
const documented = new Set(['202 hook.stored', '200 hook.ignored', '200 hook.known', '413 body.too_large']);

async function deliver(shop: ConnectedShop, id: string, body: Uint8Array): Promise<string> {
  const { headers } = sign(shop.scheme, shop.scheme.keyOf(shop.secret), { id, at: new Date(), body });
  const pairs = headers.map(([name, value]): [string, string] => [name, value]);
  const response = await door.app.request(shop.path, { method: 'POST', headers: pairs, body });
  const answer: unknown = await response.json();
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? String(answer.code) : '';
  return `${response.status} ${code}`;
}

/** Drains the shop's inbox, and checks that each message came to an end with a cause where it did not come through. */
async function drained({ shopId }: ConnectedShop): Promise<Record<string, number>> {
  while ((await drainInbox(door.deps, [shopId])).claimed > 0);
  const found = await database.read((db) =>
    rows<{ state: string; hasCause: boolean; count: number }>(
      db,
      sql`select state, cause is not null as "hasCause", count(*)::int as count from inbox_events
          where shop_id = ${shopId} group by 1, 2 order by 1`,
    ),
  );
  expect(found.filter(({ state, hasCause }) => state === 'pending' || (state === 'parked' && !hasCause))).toEqual([]);
  await expectInboxSound(database);
  return Object.fromEntries(found.map(({ state, count }) => [state, count]));
}

/** After all that, an order that is in order is taken in. */
async function goesOn(shop: ConnectedShop): Promise<void> {
  const { shopId, scheme } = shop;
  expect(await deliver(shop, 'evt_after', scheme.withId(shop.spare, 'evt_after'))).toBe('202 hook.stored');
  while ((await drainInbox(door.deps, [shopId])).claimed > 0);
  const last = await database.read((db) =>
    firstRow<{ state: string; topic: string }>(
      db,
      sql`select state, topic from inbox_events where shop_id = ${shopId} and dedupe_key = 'webhook:evt_after'`,
    ),
  );
  expect([scheme.name, last?.state]).toEqual([scheme.name, 'applied']);
}

function tell(answers: ReadonlyMap<string, number>, states: Readonly<Record<string, number>>): string {
  const said = (counts: Iterable<readonly [string, number]>): string =>
    [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
  const sent = [...answers.values()].reduce((sum, count) => sum + count, 0);
  return `${sent} signed bodies: ${said(answers)}; drained to ${said(Object.entries(states))}`;
}
