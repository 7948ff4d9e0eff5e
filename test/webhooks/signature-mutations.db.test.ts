import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { figures, tellFigure } from '../support/figures.ts';
import { nothingStored, openDoor, type ConnectedShop, type Door } from './door.ts';
import { mutate, mutations } from './mutations.ts';
import { schemes, sign, type Letter } from './schemes.ts';
import { inParallel, seededDice } from './seeded-dice.ts';

const database = useDatabase({ pools: { write: 2, read: 8 } });
const seed = 20_261_122;
const kinds = Object.keys(mutations);

let door: Door;
const done = new Map<string, { sent: number; kinds: number }>();

beforeAll(async () => {
  door = await openDoor(database);
});

afterAll(async () => {
  for (const [name, { sent, kinds: count }] of done) {
    await tellFigure(
      `structural mutations of a valid signature: ${name}`,
      `${sent} mutations of ${count} kinds: 0 accepted, 0 answers but 401, 0 rows stored`,
    );
  }
});

describe('the door of webhooks', () => {
  it.each(schemes.map(({ name }, index) => [name, index] as const))(
    'lets no mutated delivery of %s in',
    async (name, index) => {
      const shop = door.shops[index];
      if (shop === undefined) throw new Error(`no shop of ${name}`);
      const answers = new Map<string, string[]>();
      const tried = new Set<string>();
      let sent = 0;
      await inParallel([...deliveries(shop)], 8, async ({ kind, request }) => {
        const response = await door.app.request(shop.path, request);
        const { code } = (await response.json()) as { code: string };
        sent += 1;
        tried.add(kind);
        const answer = `${response.status} ${code}`;
        if (answer !== '401 hook.bad_signature') answers.set(kind, [...(answers.get(kind) ?? []), answer]);
      });
      expect(Object.fromEntries(answers)).toEqual({});
      expect(await door.stored(shop.shopId)).toEqual(nothingStored);
      expect(sent).toBe(figures.signatureMutations);
      expect(door.lines.filter(({ level }) => level === 'error')).toEqual([]);
      done.set(name, { sent, kinds: tried.size });
      await acceptsTheGoodOnce(shop);
    },
  );
});

/** As many mutations as the figure says, the kinds in turn; what is left as it was is not counted. */
function* deliveries(shop: ConnectedShop): Iterable<{ kind: string; request: RequestInit }> {
  const { scheme, secret, bodies } = shop;
  const key = scheme.keyOf(secret);
  const [first = new Uint8Array(), second = new Uint8Array()] = bodies;
  const letter: Letter = { id: 'evt_0a1b2c', at: new Date(), body: first };
  const signed = sign(scheme, key, letter);
  const other = sign(scheme, key, { id: 'evt_0a1b2d', at: new Date(Date.now() - 10_000), body: second });
  let left = figures.signatureMutations;
  for (const [index, dice] of seededDice(seed, left * 3).entries()) {
    if (left === 0) return;
    const kind = kinds[index % kinds.length] ?? '';
    const made = mutate({ scheme, letter, secret, signed, other }, kind, dice);
    if (made === null) continue;
    left -= 1;
    yield { kind, request: { method: 'POST', headers: made.headers, body: made.body } };
  }
}

/** The delivery that all were made of is good: what was refused was refused for its mutation. Replayed, it is known. */
async function acceptsTheGoodOnce({ scheme, secret, bodies, path, shopId }: ConnectedShop): Promise<void> {
  const letter = { id: 'evt_good', at: new Date(), body: bodies[0] ?? new Uint8Array() };
  const { headers, body } = sign(scheme, scheme.keyOf(secret), letter);
  const pairs = headers.map(([name, value]): [string, string] => [name, value]);
  const deliver = async () => (await door.app.request(path, { method: 'POST', headers: pairs, body })).status;
  expect(await deliver()).toBe(202);
  const after = await door.stored(shopId);
  expect(after.events).toBe(1);
  const replays = await Promise.all(Array.from({ length: 5 }, () => deliver()));
  expect(replays).toEqual(Array(5).fill(200));
  expect(await door.stored(shopId)).toEqual(after);
}
