import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { useDatabase } from '../../../test/support/database.ts';
import { receiverOf, soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import { openIntakeWorld } from '../../../test/support/factories/intake-world.ts';
import { runWharf } from '../../../test/support/run-wharf.ts';
import { openSandbox } from '../../../test/support/story.ts';
import { allocate } from '../../fulfilment/index.ts';
import { exceptionCommand } from './exception.ts';
import { listingCommand } from './listing.ts';
import { orderCommand } from './order.ts';
import { shipmentCommand } from './shipment.ts';
import { shopCommand } from './shop.ts';
import { stockCommand } from './stock.ts';
import { tokenCommand } from './token.ts';

const database = useDatabase();
const varDir = mkdtempSync(join(tmpdir(), 'wharf-cli-'));
const environment = (): Record<string, string> => ({
  DATABASE_URL: database.url,
  WHARF_VAR_DIR: varDir,
  WHARF_MASTER_KEY: masterKey,
  LOG_LEVEL: 'error',
});
const masterKey = randomBytes(32).toString('base64');

beforeAll(() => {
  for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(varDir, { recursive: true, force: true });
});

/** Runs a command line in this process; gives what it printed on standard output. */
async function wharf(...words: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const program = new Command('wharf').option('--json').exitOverride();
  const commands = [
    shopCommand,
    listingCommand,
    orderCommand,
    stockCommand,
    shipmentCommand,
    exceptionCommand,
    tokenCommand,
  ];
  for (const command of commands) program.addCommand(command());
  await program.parseAsync(words, { from: 'user' });
  return printed.join('\n');
}

async function json<Schema extends z.ZodType>(schema: Schema, ...words: string[]): Promise<z.output<Schema>> {
  return schema.parse(JSON.parse(await wharf(...words, '--json')));
}

const level = z.object({ skuCode: z.string(), warehouseCode: z.string(), onHand: z.number(), free: z.number() });

describe('stock', () => {
  it('goes from a bare database to counted units', async () => {
    await wharf('stock', 'warehouse', 'add', 'PORT', '--name', 'Port', '--country', 'DE', '--zone', 'Europe/Berlin');
    await wharf('stock', 'sku', 'add', 'MUG', '--title', 'Mug, blue', '--barcode', '4006381333931');
    const place = ['--sku', '4006381333931', '--warehouse', 'PORT'];
    await wharf('stock', 'receive', ...place, '--quantity', '40', '--cost', '1.23', '--currency', 'EUR');
    await wharf('stock', 'adjust', ...place, '--delta', '-3', '--note', 'broken');
    const levels = await json(z.array(level), 'stock', 'levels', '--sku', 'MUG');
    expect(levels).toEqual([{ skuCode: 'MUG', warehouseCode: 'PORT', onHand: 37, free: 37 }]);
    const moves = await json(
      z.array(z.object({ quantity: z.number(), reason: z.string() })),
      'stock',
      'moves',
      '--sku',
      'MUG',
    );
    expect(moves).toEqual([
      { quantity: -3, reason: 'adjusted' },
      { quantity: 40, reason: 'received' },
    ]);
    expect(await wharf('stock', 'warehouses')).toMatch(/CODE +NAME[^]*PORT +Port +DE/);
  });

  it('names what it does not know, and the next command', async () => {
    const unknown = wharf('stock', 'receive', '--sku', 'NOPE', '--warehouse', 'PORT', '--quantity', '1');
    await expect(unknown).rejects.toThrow(/There is no sku "NOPE"[^]*wharf stock sku add/);
    const taken = wharf('stock', 'sku', 'add', 'MUG', '--title', 'again');
    await expect(taken).rejects.toThrow(/is taken[^]*Next: wharf stock sku list/);
  });
});

const whole = z.object({
  order: z.object({
    number: z.number(),
    holds: z.array(z.string()),
    lines: z.array(z.object({ orderLineId: z.string() })),
    timeline: z.array(z.object({ kind: z.string() })),
  }),
  shipments: z.array(z.object({ number: z.number(), state: z.string() })),
  announcements: z.array(z.unknown()),
  requests: z.array(z.unknown()),
});

describe('orders and shipments', () => {
  it(
    'are listed, shown, held and released, split, merged and shipped by the numbers that people type',
    { timeout: 60_000 },
    async () => {
      const world = await openIntakeWorld(database);
      const lines = [
        soldLine('1', { quantity: 2, title: 'Something odd' }),
        soldLine('2', { listingExternalId: 'listing-2' }),
      ];
      await world.takeIn([soldOrder('cli-1', { lines, receiver: receiverOf({ name: 'Grace Hopper' }) })]);
      await wharf('order', 'hold', 'N-cli-1', '--reason', 'call first');
      const held = await json(whole, 'order', 'show', 'N-cli-1');
      expect(held.order.holds).toEqual(['manual']);
      const no = String(held.order.number);
      await wharf('order', 'release', no, '--kind', 'manual');
      await database.run((ctx) => allocate(ctx, 100));
      const { order, shipments } = await json(whole, 'order', 'show', no);
      expect(order.holds).toEqual([]);
      expect(order.timeline.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['hold_placed', 'hold_released']));
      const parcel = String(shipments[0]?.number);
      const shipment = z.object({
        number: z.number(),
        state: z.string(),
        units: z.number(),
        lines: z.array(z.object({ skuCode: z.string() })),
      });
      const { lines: parcelLines } = await json(shipment, 'shipment', 'show', parcel);
      const split = await json(shipment, 'shipment', 'split', parcel, '--line', `${parcelLines[0]?.skuCode}=1`);
      expect(split.units).toBe(1);
      const merged = await json(shipment, 'shipment', 'merge', parcel, String(split.number));
      expect(merged.units).toBe(8);
      await wharf('shipment', 'ship', parcel, '--carrier', 'DHL', '--tracking', 'T1');
      expect(await json(shipment, 'shipment', 'show', parcel)).toMatchObject({ state: 'shipped', units: 8 });
      const again = wharf('shipment', 'ship', parcel, '--carrier', 'DHL', '--tracking', 'T2');
      await expect(again).rejects.toThrow(/other tracking[^]*Next: wharf shipment show/);
      const shown = await wharf('order', 'show', no);
      expect(shown).toContain('Something odd');
      expect(shown).not.toContain('Hopper');
      expect(await json(z.array(z.object({ number: z.number() })), 'order', 'list', '--state', 'shipped')).toEqual([
        { number: held.order.number },
      ]);
    },
  );

  it('an order that is asked of a channel which cannot do it is refused in words', async () => {
    const world = await openIntakeWorld(database);
    await world.takeIn([soldOrder('cli-2')]);
    await expect(wharf('order', 'cancel', 'N-cli-2')).rejects.toThrow(/cancelled there/);
    await expect(wharf('order', 'refund', 'N-cli-2', '--amount', '1.005', '--reason', 'x')).rejects.toThrow(/decimals/);
    await expect(wharf('order', 'show', '999999')).rejects.toThrow(/There is no order "999999"[^]*wharf order list/);
  });
});

describe('shops', () => {
  it('are connected with credentials from the environment, which are never printed', async () => {
    const { sandbox, origin, close } = await openSandbox();
    try {
      vi.stubEnv('WHARF_PRIVATE_ORIGINS', origin);
      vi.stubEnv('SHOP_KEY', sandbox.apiKey);
      vi.stubEnv('SHOP_HOOK', sandbox.webhookSecret);
      const secrets = ['--secret-from-env', 'apiKey=SHOP_KEY', '--secret-from-env', 'webhookSecret=SHOP_HOOK'];
      const connected = await wharf(
        'shop',
        'connect',
        'sandbox',
        '--name',
        'Corner shop',
        '--set',
        `baseUrl=${origin}`,
        ...secrets,
      );
      const shown = await wharf('shop', 'show', 'corner');
      for (const printed of [connected, shown]) {
        expect(printed).not.toContain(sandbox.apiKey);
        expect(printed).not.toContain(sandbox.webhookSecret);
      }
      const [first] = sandbox.state.locations;
      await wharf('shop', 'serve', 'Corner shop', '--warehouse', 'PORT');
      const location = z.object({ externalId: z.string(), warehouse: z.string().nullable() });
      const mapped = await json(z.array(location), 'shop', 'locations', 'Corner shop', '--map', `${first?.id}=PORT`);
      expect(mapped.find(({ externalId }) => externalId === first?.id)?.warehouse).toBe('PORT');
      const pushing = await json(z.object({ pushesStock: z.boolean() }), 'shop', 'push-stock', 'Corner shop', 'on');
      expect(pushing.pushesStock).toBe(true);
      expect(await wharf('shop', 'list')).not.toMatch(/hooks|webhook/i);
      await wharf('shop', 'pause', 'Corner shop');
      const shops = await json(z.array(z.object({ name: z.string(), state: z.string() })), 'shop', 'list');
      expect(shops).toContainEqual({ name: 'Corner shop', state: 'paused' });
    } finally {
      await close();
    }
  });

  it('say which settings a channel needs, and which of them are secret', async () => {
    const channel = z.object({
      code: z.string(),
      settings: z.array(z.object({ name: z.string(), isSecret: z.boolean() })),
    });
    const channels = await json(z.array(channel), 'shop', 'channels');
    const vendure = channels.find(({ code }) => code === 'vendure');
    expect(vendure?.settings.find(({ name }) => name === 'password')?.isSecret).toBe(true);
    await expect(wharf('shop', 'connect', 'sandbox', '--set', 'baseUrl=x')).rejects.toThrow(
      /Next: wharf shop channels/,
    );
  });
});

describe('tokens', () => {
  it('are printed once, listed without their secret, and revoked by their prefix', async () => {
    const created = await json(
      z.object({ token: z.string() }),
      'token',
      'create',
      '--name',
      'cli',
      '--scope',
      'orders:read',
    );
    const rows = z.array(z.object({ prefix: z.string(), name: z.string(), revokedAt: z.string().nullable() }));
    const [token] = (await json(rows, 'token', 'list')).filter(({ name }) => name === 'cli');
    expect(await wharf('token', 'list')).not.toContain(created.token);
    await wharf('token', 'revoke', token?.prefix ?? '');
    const [revoked] = (await json(rows, 'token', 'list')).filter(({ name }) => name === 'cli');
    expect(revoked?.revokedAt).not.toBeNull();
  });
});

describe('the program', () => {
  it(
    'ends with 1 and says what is wrong on standard error, with nothing on standard output',
    { timeout: 60_000 },
    async () => {
      const finished = await runWharf(['order', 'show', 'nobody', '--json'], environment());
      expect(finished).toMatchObject({ code: 1, stdout: '' });
      expect(finished.stderr).toContain('order.unknown: There is no order "nobody".');
    },
  );

  it('helps with an example for every data command', () => {
    const commands = [
      shopCommand(),
      listingCommand(),
      orderCommand(),
      stockCommand(),
      shipmentCommand(),
      exceptionCommand(),
      tokenCommand(),
    ];
    const leaves = (command: Command): Command[] =>
      command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
    const found = commands.flatMap(leaves);
    expect(found.length).toBeGreaterThan(30);
    for (const command of found) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help, command.name()).toContain('$ wharf ');
    }
  });
});
