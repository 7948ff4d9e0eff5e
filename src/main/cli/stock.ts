import { Command } from 'commander';
import { adjustStock } from '../../fulfilment/index.ts';
import { pageSizeMax } from '../../kernel/index.ts';
import { createWarehouse, listLevels, listMoves, listWarehouses, receiveStock } from '../../stock/index.ts';
import { findSku, findWarehouses } from './find.ts';
import { inHub, type Desk } from './in-hub.ts';
import { parseChoice, parseCount, parseWhole } from './input.ts';
import { printOne, printRows } from './print.ts';
import { skuCommand } from './stock-sku.ts';
import { subCommand } from './sub-command.ts';

export function stockCommand(): Command {
  return new Command('stock')
    .description('SKUs, warehouses, levels, moves; receive and adjust')
    .addCommand(skuCommand())
    .addCommand(warehousesCommand())
    .addCommand(new Command('warehouse').description('warehouses').addCommand(addWarehouseCommand()))
    .addCommand(levelsCommand())
    .addCommand(movesCommand())
    .addCommand(receiveCommand())
    .addCommand(adjustCommand());
}

function warehousesCommand(): Command {
  return subCommand('warehouses', 'show the warehouses', 'stock warehouses').action(
    async (_options: object, command: Command) => {
      const warehouses = await inHub(({ look }) => look(listWarehouses));
      printRows(command, warehouses, [
        { title: 'CODE', of: (warehouse) => warehouse.code },
        { title: 'NAME', of: (warehouse) => warehouse.name },
        { title: 'COUNTRY', of: (warehouse) => warehouse.countryCode },
        { title: 'ZONE', of: (warehouse) => warehouse.timeZone },
        { title: 'SHOPS', of: (warehouse) => warehouse.shops.length },
        { title: 'ID', of: (warehouse) => warehouse.warehouseId },
      ]);
    },
  );
}

function addWarehouseCommand(): Command {
  return subCommand(
    'add <code>',
    'make a warehouse; wharf shop serve says which shops it serves',
    'stock warehouse add HAMBURG --name "Hamburg port" --country DE --zone Europe/Berlin',
  )
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--country <code>', 'two capital letters, ISO 3166')
    .requiredOption('--zone <zone>', 'IANA time zone; cut-off and expiry are days of it')
    .action(async (code: string, options: { name: string; country: string; zone: string }, command: Command) => {
      const { name, country: countryCode, zone: timeZone } = options;
      const made = await inHub(({ change }) =>
        change((ctx) => createWarehouse(ctx, { code, name, countryCode, timeZone })),
      );
      printOne(command, { ...made, code });
    });
}

function levelsCommand(): Command {
  return subCommand('levels', 'show on hand, reserved, free and open demand', 'stock levels --sku MUG-BLUE')
    .option('--sku <code>', 'only one SKU')
    .option('--after <cursor>', 'the next page')
    .action(async (options: { sku?: string; after?: string }, command: Command) => {
      const { items, next } = await inHub(({ look }) =>
        look(async (db) => {
          const filters = options.sku === undefined ? {} : { skuId: await findSku(db, options.sku) };
          return listLevels(db, { after: options.after ?? null, limit: pageSizeMax }, filters);
        }),
      );
      printRows(
        command,
        items.map((level) => ({ ...level, free: level.onHand - level.reserved })),
        [
          { title: 'SKU', of: (level) => level.skuCode },
          { title: 'WAREHOUSE', of: (level) => level.warehouseCode },
          { title: 'ON HAND', of: (level) => level.onHand },
          { title: 'RESERVED', of: (level) => level.reserved },
          { title: 'FREE', of: (level) => level.free },
          { title: 'DEMAND', of: (level) => level.demand },
        ],
      );
      if (next !== null) console.error(`More: --after ${next}`);
    });
}

function movesCommand(): Command {
  return subCommand('moves', 'show every change of a SKU, newest first', 'stock moves --sku MUG-BLUE')
    .requiredOption('--sku <code>', 'the SKU')
    .option('--after <cursor>', 'the next page')
    .action(async (options: { sku: string; after?: string }, command: Command) => {
      const { page, codes } = await inHub(({ look }) =>
        look(async (db) => ({
          page: await listMoves(
            db,
            { after: options.after ?? null, limit: pageSizeMax },
            { skuId: await findSku(db, options.sku) },
          ),
          codes: new Map((await listWarehouses(db)).map(({ warehouseId, code }) => [warehouseId, code])),
        })),
      );
      printRows(command, page.items, [
        { title: 'AT', of: (move) => move.at },
        { title: 'WAREHOUSE', of: (move) => codes.get(move.warehouseId) ?? null },
        { title: 'UNITS', of: (move) => move.quantity },
        { title: 'REASON', of: (move) => move.reason },
        { title: 'BY', of: (move) => `${move.actorKind}:${move.actorId}` },
        { title: 'NOTE', of: (move) => move.note },
      ]);
      if (page.next !== null) console.error(`More: --after ${page.next}`);
    });
}

type Place = { readonly sku: string; readonly warehouse: string };

async function findPlace({ look }: Desk, { sku, warehouse }: Place) {
  return look(async (db) => {
    const skuId = await findSku(db, sku);
    const [warehouseId] = await findWarehouses(db, [warehouse]);
    if (warehouseId === undefined) throw new Error('one name finds one warehouse');
    return { skuId, warehouseId };
  });
}

function receiveCommand(): Command {
  return subCommand(
    'receive',
    'take goods in; orders that wait for them are looked at again',
    'stock receive --sku MUG-BLUE --warehouse HAMBURG --quantity 40 --cost 1.23 --currency EUR',
  )
    .requiredOption('--sku <code>', 'code, barcode or id')
    .requiredOption('--warehouse <code>', 'where to')
    .requiredOption('--quantity <n>', 'SKU units')
    .option('--cost <amount>', 'per unit, in major units; needs --currency')
    .option('--currency <code>', 'ISO 4217')
    .option('--note <text>', 'for the ledger')
    .action(
      async (
        options: Place & { quantity: string; cost?: string; currency?: string; note?: string },
        command: Command,
      ) => {
        const quantity = parseCount(options.quantity, '--quantity');
        const receipt = { quantity, unitCost: options.cost ?? null, costCurrency: options.currency ?? null };
        await inHub(async (desk) => {
          const place = await findPlace(desk, options);
          await desk.change((ctx) =>
            receiveStock(ctx, [{ ...place, ...receipt, lotId: null, note: options.note ?? null }]),
          );
        });
        printOne(command, { sku: options.sku, warehouse: options.warehouse, received: quantity });
      },
    );
}

function adjustCommand(): Command {
  return subCommand(
    'adjust',
    'change on hand by a difference; a loss below what is reserved gives reservations back to the waiting orders',
    'stock adjust --sku MUG-BLUE --warehouse HAMBURG --delta -3 --note "broken"',
  )
    .requiredOption('--sku <code>', 'code, barcode or id')
    .requiredOption('--warehouse <code>', 'where')
    .requiredOption('--delta <n>', 'signed SKU units')
    .option('--reason <reason>', 'adjusted or counted', 'adjusted')
    .option('--note <text>', 'for the ledger')
    .action(async (options: Place & { delta: string; reason: string; note?: string }, command: Command) => {
      const delta = parseWhole(options.delta, '--delta');
      const reason = parseChoice(options.reason, ['adjusted', 'counted'], '--reason');
      const { released } = await inHub(async (desk) => {
        const place = await findPlace(desk, options);
        return desk.change((ctx) => adjustStock(ctx, [{ ...place, delta, reason, note: options.note ?? null }]));
      });
      printOne(command, { sku: options.sku, warehouse: options.warehouse, delta, releasedReservations: released });
    });
}
