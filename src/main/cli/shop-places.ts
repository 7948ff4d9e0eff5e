import type { Command } from 'commander';
import { listLocations, mapLocations, openShop } from '../../channels/index.ts';
import { listWarehouses, serveShop } from '../../stock/index.ts';
import { findShop, findWarehouses } from './find.ts';
import { inHub } from './in-hub.ts';
import { parsePair, parseRanked } from './input.ts';
import { printOne, printRows } from './print.ts';
import { readLocations } from './shop-connect.ts';
import { collect, subCommand } from './sub-command.ts';

export function serveCommand(): Command {
  return subCommand(
    'serve <shop>',
    'say which warehouses serve a shop, the preferred one first; replaces what was there',
    'shop serve "Demo shop" --warehouse HARBOUR --warehouse HILLSIDE',
  )
    .requiredOption('--warehouse <code[:rank]>', 'may be repeated', collect)
    .action(async (text: string, options: { warehouse: string[] }, command: Command) => {
      const ranked = options.warehouse.map((word, place) => parseRanked(word, place, '--warehouse'));
      const served = await inHub(async ({ look, change }) => {
        const { shopId, ids } = await look(async (db) => ({
          shopId: (await findShop(db, text)).shopId,
          ids: await findWarehouses(
            db,
            ranked.map(({ code }) => code),
          ),
        }));
        const warehouses = ids.map((warehouseId, place) => ({ warehouseId, rank: ranked[place]?.rank ?? place }));
        await change((ctx) => serveShop(ctx, { shopId, warehouses }));
        return { shopId, warehouses };
      });
      printOne(command, served);
    });
}

export function locationsCommand(): Command {
  return subCommand(
    'locations <shop>',
    'read where the channel counts stock, and say which warehouse each location stands for',
    'shop locations "Demo shop"',
    'shop locations "Demo shop" --map 1=HARBOUR:0 --map 2=HILLSIDE:1',
  )
    .option('--map <location=warehouse[:rank]>', 'may be repeated; numbers are spread in rank order', collect, [])
    .action(async (text: string, options: { map: string[] }, command: Command) => {
      const wanted = options.map.map((word, place) => {
        const [externalId, warehouse] = parsePair(word, '--map');
        return { externalId, ...parseRanked(warehouse, place, '--map') };
      });
      const { locations, codes } = await inHub(async (desk) => {
        const { deps, look, change } = desk;
        const session = await look(async (db) => openShop(db, deps, (await findShop(db, text)).shopId));
        const { shopId } = session.shop;
        let found = await readLocations(desk, session);
        if (wanted.length > 0) {
          const ids = await look((db) =>
            findWarehouses(
              db,
              wanted.map(({ code }) => code),
            ),
          );
          const mappings = wanted.map(({ externalId, rank }, place) => ({
            externalId,
            rank,
            warehouseId: ids[place] ?? null,
          }));
          await change((ctx) => mapLocations(ctx, shopId, mappings));
          found = await look((db) => listLocations(db, shopId));
        }
        const warehouses = await look(listWarehouses);
        return { locations: found, codes: new Map(warehouses.map(({ warehouseId, code }) => [warehouseId, code])) };
      });
      printRows(
        command,
        locations.map((location) => ({
          ...location,
          warehouse: location.warehouseId === null ? null : (codes.get(location.warehouseId) ?? null),
        })),
        [
          { title: 'LOCATION', of: (location) => location.externalId },
          { title: 'NAME', of: (location) => location.name },
          { title: 'WAREHOUSE', of: (location) => location.warehouse },
          { title: 'RANK', of: (location) => location.rank },
        ],
      );
    });
}
