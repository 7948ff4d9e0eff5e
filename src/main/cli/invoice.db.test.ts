import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import { receiverOf, soldOrder } from '../../../test/support/factories/channel-order.ts';
import { openIntakeWorld } from '../../../test/support/factories/intake-world.ts';
import { useWharf } from '../../../test/support/wharf-here.ts';
import { lockAllSeries, numberInvoices } from '../../invoicing/index.ts';
import { openKeyring } from '../../platform/crypto/index.ts';

const database = useDatabase();
const { varDir, wharf } = useWharf(database);
const invoice = (...words: string[]) => wharf('invoice', ...words);

it('a person sets up invoices, asks for one, prints it, and unlocks its series after a restore', async () => {
  const world = await openIntakeWorld(database);
  await world.takeIn([soldOrder('cli', { receiver: { ...receiverOf(), sourcePolicy: 'plain' } })]);
  const { number: order } = await world.read('cli');
  await expect(invoice('request', String(order))).rejects.toThrow(/wharf invoice seller/);
  await expect(invoice('rule', '--at', 'payment')).rejects.toThrow(/wharf invoice seller/);
  await invoice('seller', '--name', 'Harbour Goods', '--address', 'Kai 1', '--address', '20457 Hamburg');
  await invoice('series', 'HG', '--format', 'HG-{number:4}', '--never-restarts', '--start', '40');
  expect(await invoice('rule', '--at', 'payment', '--language', 'both', '--series', 'HG')).toMatch(
    /company +payment +both +HG +CN/,
  );
  expect(await invoice('request', String(order))).toMatch(/state +due/);
  expect(await invoice('requests')).toMatch(/manual +due/);
  const keyring = openKeyring({ masterKey: randomBytes(32) });
  expect(await database.run((ctx) => numberInvoices(ctx, { keyring }, 10))).toMatchObject({ parked: 1 });
  const parked = await invoice('requests', '--parked');
  expect(parked).toMatch(/crypto\.wrong_key/);
  await invoice('retry', /[0-9a-f-]{36}/.exec(parked)?.[0] ?? '');
  await database.run((ctx) => numberInvoices(ctx, world.deps, 10));
  expect(await invoice('list', '--order', String(order))).toMatch(/HG-0040 +invoice .* 10\.00 EUR/);
  expect(await invoice('show', 'HG-0040')).toMatch(/seller +Harbour Goods/);
  const shown = await wharf('order', 'show', String(order));
  expect(shown).toMatch(/wharf invoice show NUMBER[^]*HG-0040 +invoice +\d{4}-\d\d-\d\d +10\.00 EUR/);
  expect(shown).not.toContain('Returns');
  const file = join(varDir, 'invoice.pdf');
  expect(await invoice('pdf', 'HG-0040', '--out', file)).toMatch(/bytes +\d{5}/);
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
  await database.run((ctx) => lockAllSeries(ctx));
  expect(await invoice('settings')).toMatch(/HG +HG-\{number:4\} +- +40 +locked/);
  await expect(invoice('confirm-series', 'HG', '--last', '12')).rejects.toThrow(/40 was issued/);
  expect(await invoice('confirm-series', 'HG', '--last', '42')).toMatch(/lostNumbers +2/);
}, 60_000);
