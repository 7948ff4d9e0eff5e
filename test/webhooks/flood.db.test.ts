import { expect, it } from 'vitest';
import { webhookGroupMax, webhooksWaitingMax } from '../../config/defaults.ts';
import { useDatabase } from '../support/database.ts';
import { openDoor, type ConnectedShop, type Door } from './door.ts';
import { sign } from './schemes.ts';

const database = useDatabase({ pools: { write: 8, read: 4 } });
const flooded = webhooksWaitingMax + 100;
const others = 40;

type Answer = { readonly status: number; readonly retryAfter: string | null };

it('a shop that floods the door is told to come later, and delays no other', async () => {
  const door = await openDoor(database);
  const [flooder, ...calm] = door.shops;
  if (flooder === undefined) throw new Error('no shop');
  let answered = 0;
  const flood = Array.from({ length: flooded }, (_, index) =>
    deliver(door, flooder, `flood_${index}`).finally(() => (answered += 1)),
  );
  const heard = await Promise.all(
    Array.from({ length: others }, (_, index) => {
      const shop = calm[index % calm.length];
      if (shop === undefined) throw new Error('no shop');
      return deliver(door, shop, `calm_${index}`);
    }),
  );
  const unanswered = flooded - answered;
  expect(heard.map(({ status }) => status)).toEqual(Array(others).fill(202));
  // Who waits behind the whole flood finds none of it left.
  expect(unanswered).toBeGreaterThan(webhookGroupMax);

  const answers = await Promise.all(flood);
  const refused = answers.filter(({ status }) => status !== 202);
  expect(refused.length).toBeGreaterThan(0);
  expect(new Set(refused.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ status: 503, retryAfter: '5' })]),
  );
  expect((await door.stored(flooder.shopId)).events).toBe(flooded - refused.length);

  const again = await Promise.all(
    answers.flatMap(({ status }, index) => (status === 202 ? [] : [deliver(door, flooder, `flood_${index}`)])),
  );
  expect(again.map(({ status }) => status)).toEqual(refused.map(() => 202));
  expect((await door.stored(flooder.shopId)).events).toBe(flooded);
  expect(door.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

async function deliver(door: Door, { scheme, secret, path, spare }: ConnectedShop, id: string): Promise<Answer> {
  const letter = { id, at: new Date(), body: scheme.withId(spare, id) };
  const { headers, body } = sign(scheme, scheme.keyOf(secret), letter);
  const pairs = headers.map(([name, value]): [string, string] => [name, value]);
  const response = await door.app.request(path, { method: 'POST', headers: pairs, body });
  await response.arrayBuffer();
  return { status: response.status, retryAfter: response.headers.get('retry-after') };
}
