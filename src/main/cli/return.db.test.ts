import { expect, it } from 'vitest';
import { z } from 'zod';
import { useDatabase } from '../../../test/support/database.ts';
import { soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import { openIntakeWorld } from '../../../test/support/factories/intake-world.ts';
import { useWharf } from '../../../test/support/wharf-here.ts';
import { allocate, listShipments, shipOut } from '../../fulfilment/index.ts';

const database = useDatabase();
const program = useWharf(database);
const wharf = (...words: string[]) => program.wharf('return', ...words);

async function json<Schema extends z.ZodType>(schema: Schema, ...words: string[]): Promise<z.output<Schema>> {
  return schema.parse(JSON.parse(await wharf(...words, '--json')));
}

async function sellAndShip(): Promise<void> {
  const world = await openIntakeWorld(database);
  const lines = [soldLine('1', { quantity: 3, sku: 'MUG-BLUE', title: 'Blue mug' })];
  await world.takeIn([soldOrder('ret-1', { lines })]);
  await database.run((ctx) => allocate(ctx, 100));
  const { items } = await database.read((db) => listShipments(db, { after: null, limit: 10 }));
  const tracking = { carrier: 'DHL', trackingNumber: 'T1', trackingUrl: null, service: null };
  await database.run((ctx) =>
    shipOut(
      ctx,
      items.map(({ shipmentId }) => ({ shipmentId, ...tracking })),
    ),
  );
}

it('a return is entered, decided in two steps, listed and shown by the numbers that people type', async () => {
  await sellAndShip();
  const entry = ['add', 'N-ret-1', '--reason', 'arrived broken'];
  const { return: number } = await json(z.object({ return: z.number() }), ...entry, '--line', 'MUG-BLUE=2');
  const no = String(number);
  expect(await wharf('list')).toMatch(/NO +ORDER[^]*N-ret-1 +open +person +2 +2 /);
  await wharf('decide', no, '--as', 'scrap', '--line', 'MUG-BLUE=1', '--note', 'broken handle');
  const decided = z.object({ state: z.string(), refund: z.null() });
  expect(await json(decided, 'decide', no, '--as', 'none')).toEqual({ state: 'decided', refund: null });
  expect(await wharf('list')).toContain('(none)');
  expect(await json(z.array(z.object({ number: z.number() })), 'list', '--state', 'all', '--order', 'N-ret-1')).toEqual(
    [{ number }],
  );
  expect(await wharf('show', `#${no}`)).toMatch(/Blue mug[^]*scrap[^]*broken handle/);
  const order = await program.wharf('order', 'show', 'N-ret-1');
  expect(order).toMatch(new RegExp(`wharf return show NO[^]*\\n${no} +decided +2 +0 +arrived broken`));
});

it('what cannot be is refused in words, with the next command', async () => {
  const entry = (...more: string[]) => wharf('add', 'N-ret-1', '--reason', 'x', '--line', ...more);
  await expect(entry('NOPE=1')).rejects.toThrow(/"NOPE" names no line; wharf order show \d+ shows their ids/);
  await expect(entry('MUG-BLUE=2')).rejects.toThrow(/3 left from here, 2 of them are in returns already/);
  await expect(entry('MUG-BLUE=1', '--refund')).rejects.toThrow(/is paid back there/);
  await expect(entry('MUG-BLUE=1', '--shipping')).rejects.toThrow(/--refund: is missing/);
  await expect(wharf('show', '999')).rejects.toThrow(/There is no return "999"[^]*wharf return list/);
  const { return: number } = await json(
    z.object({ return: z.number() }),
    'add',
    'N-ret-1',
    '--reason',
    'x',
    '--line',
    '1=1',
  );
  const restock = wharf('decide', String(number), '--as', 'restock');
  await expect(restock).rejects.toThrow(/comes with restock/);
  await expect(wharf('refund', String(number), '--amount', '1.005')).rejects.toThrow(/decimals/);
  await wharf('withdraw', String(number));
  expect(await wharf('show', String(number))).toMatch(/state +withdrawn/);
});
