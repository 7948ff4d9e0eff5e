import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { useDatabase } from '../../../test/support/database.ts';
import { openReplayWorld, type ReplayWorld } from '../../../test/support/factories/replay-world.ts';
import { useWharf } from '../../../test/support/wharf-here.ts';
import type { AnyConnector } from '../../connector-kit/index.ts';
import { connectors } from '../connectors.ts';

/** The program's own list, which its type lets nobody change. */
const registry = connectors as Map<string, AnyConnector>;

const database = useDatabase();
const program = useWharf(database);
let world: ReplayWorld;

beforeEach(async () => {
  world = await openReplayWorld(database);
  registry.set('plain', world.cured);
  process.exitCode = undefined;
});
afterEach(() => {
  process.exitCode = undefined;
});
afterAll(() => {
  registry.delete('plain');
});

/** Runs `wharf replay …` for the world's shop. */
const wharf = (...words: string[]) => program.wharf('replay', '--shop', world.shopId, ...words);

const replayed = z.object({
  counts: z.record(z.string(), z.number()),
  events: z.array(z.object({ eventId: z.string(), state: z.string(), outcome: z.string(), cause: z.unknown() })),
});

async function outcomes(...words: string[]) {
  const { counts, events } = replayed.parse(JSON.parse(await wharf(...words, '--json')));
  return { counts, outcomes: Object.fromEntries(events.map(({ eventId, outcome }) => [eventId, outcome])) };
}

it('case 27: a parked message is sent through again by its cause and taken in before the command ends', async () => {
  const [first, second] = [await world.park('1'), await world.park('2')];
  const counted = { matched: 2, ready: 2, 'bytes gone': 0, 'no document': 0, 'still waiting': 0 };
  expect(JSON.parse(await wharf('--dry-run', '--json'))).toEqual(counted);
  expect(await world.events()).toEqual({ parked: 2 });
  expect(await outcomes('--cause', 'channel.unknown_code', '--order', 'hard-1')).toMatchObject({
    outcomes: { [first]: 'applied' },
  });
  expect(await world.events()).toEqual({ applied: 1, parked: 1 });
  expect(await world.corrected()).toEqual(['hard-1']);
  expect(await wharf()).toMatch(new RegExp(`^EVENT +ORDER[^]*${second} +hard-2 +\\S+ +parked +applied`));
  expect(process.exitCode).toBeUndefined();
});

it('one that is still not understood is parked again, and the command says so and fails', async () => {
  const [unlike] = [await world.park('1')];
  const toChannelOrder = (): never => {
    throw new Error('not yet');
  };
  registry.set('plain', { ...world.cured, orders: { ...world.cured.orders, toChannelOrder } });
  expect(await wharf()).toMatch(new RegExp(`${unlike} +hard-1 +\\S+ +parked +parked +inbox.untranslatable`));
  expect(process.exitCode).toBe(1);
  expect(await world.openExceptions()).toEqual(['inbox.parked']);
});

it('what was applied is translated again by state or by id, and a message without bytes is named', async () => {
  const [kept, gone] = [await world.apply('a'), await world.apply('b')];
  await world.deleteBytes(gone);
  expect(await outcomes('--state', 'done')).toEqual({
    counts: expect.objectContaining({ matched: 2, ready: 1, 'bytes gone': 1 }),
    outcomes: { [kept]: 'changed', [gone]: 'body_gone' },
  });
  expect(await world.corrected()).toEqual(['a']);
  expect((await outcomes(kept)).outcomes).toEqual({ [kept]: 'unchanged' });
  expect((await outcomes('--since', '2020-01-01', '--until', '2020-01-02', '--state', 'any')).outcomes).toEqual({});
  expect(process.exitCode).toBeUndefined();
});

it('what cannot be asked is refused in words', async () => {
  await expect(wharf('--state', 'odd')).rejects.toThrow(/--state/);
  await expect(wharf('not-an-id')).rejects.toThrow(/event 1/);
  await expect(wharf('--since', 'yesterday')).rejects.toThrow(/--since/);
});
