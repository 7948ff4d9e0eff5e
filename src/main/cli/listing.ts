import { Command } from 'commander';
import { readSkus } from '../../catalog/index.ts';
import { acceptProposals, getListing, listListings, mapListings, type ListingRow } from '../../channels/index.ts';
import { invalidField, pageSizeMax } from '../../kernel/index.ts';
import { findListing, findShop, findSku } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseCount } from './input.ts';
import { printOne, printRows } from './print.ts';
import { subCommand } from './sub-command.ts';

export function listingCommand(): Command {
  return new Command('listing')
    .description('listings of the shops and the SKUs they are mapped to')
    .addCommand(listCommand())
    .addCommand(mapCommand())
    .addCommand(acceptCommand());
}

function listCommand(): Command {
  return subCommand(
    'list',
    `show listings, ${pageSizeMax} at a time`,
    'listing list --unmapped',
    'listing list --shop "Demo shop" --search MUG',
  )
    .option('--shop <shop>', 'only those of one shop')
    .option('--unmapped', 'only those without a SKU')
    .option('--search <text>', 'the beginning of a SKU code, a part of a title, or an external id')
    .option('--after <cursor>', 'the next page: the cursor that the last one ended with')
    .action(
      async (options: { shop?: string; unmapped?: boolean; search?: string; after?: string }, command: Command) => {
        const { items, codes, next } = await inHub(({ look }) =>
          look(async (db) => {
            const shopId = options.shop === undefined ? null : (await findShop(db, options.shop)).shopId;
            const page = await listListings(
              db,
              { after: options.after ?? null, limit: pageSizeMax },
              { shopId, state: options.unmapped === true ? 'unmapped' : null, search: options.search ?? null },
            );
            const skuIds = page.items.flatMap(({ skuId, proposedSkuId }) => skuId ?? proposedSkuId ?? []);
            return { ...page, codes: await readSkus(db, [...new Set(skuIds)]) };
          }),
        );
        const codeOf = (skuId: ListingRow['skuId']): string | null =>
          skuId === null ? null : (codes.get(skuId)?.code ?? null);
        printRows(
          command,
          items.map((listing) => ({
            ...listing,
            sku: codeOf(listing.skuId),
            proposedSku: codeOf(listing.proposedSkuId),
          })),
          [
            { title: 'EXTERNAL ID', of: (listing) => listing.externalId },
            { title: 'CHANNEL SKU', of: (listing) => listing.skuCode },
            { title: 'TITLE', of: (listing) => listing.title },
            { title: 'SKU', of: (listing) => listing.sku },
            { title: 'PROPOSED', of: (listing) => listing.proposedSku },
            { title: 'TOLD', of: (listing) => listing.toldQuantity },
            { title: 'SEEN', of: (listing) => listing.seenQuantity },
            { title: 'ID', of: (listing) => listing.listingId },
          ],
        );
        if (next !== null) console.error(`More: --after ${next}`);
      },
    );
}

function mapCommand(): Command {
  return subCommand(
    'map <listing>',
    'map a listing to a SKU; orders that waited for it go on by themselves',
    'listing map 4711 --sku MUG-BLUE',
    'listing map SIX-PACK --sku MUG-BLUE --multiplier 6',
  )
    .requiredOption('--sku <code>', 'code, barcode or id of the SKU')
    .option('--multiplier <n>', 'SKU units in one unit of the listing', '1')
    .action(async (text: string, options: { sku: string; multiplier: string }, command: Command) => {
      const multiplier = parseCount(options.multiplier, '--multiplier');
      const mapped = await inHub(async ({ look, change }) => {
        const { listingId, skuId } = await look(async (db) => ({
          listingId: (await findListing(db, text)).listingId,
          skuId: await findSku(db, options.sku),
        }));
        await change((ctx) => mapListings(ctx, [{ listingId, skuId, multiplier }]));
        return look((db) => getListing(db, listingId));
      });
      printOne(command, {
        listingId: mapped.listingId,
        externalId: mapped.externalId,
        title: mapped.title,
        sku: options.sku,
        skuId: mapped.skuId,
        multiplier: mapped.multiplier,
      });
    });
}

function acceptCommand(): Command {
  return subCommand(
    'accept <shop> [listing...]',
    'map listings to the SKUs proposed for them (same code or barcode), one to one',
    'listing accept "Demo shop" --all',
  )
    .option('--all', 'every proposal of the shop')
    .action(async (shop: string, listings: string[], options: { all?: boolean }, command: Command) => {
      if ((options.all === true) === listings.length > 0) {
        throw invalidField('LISTING', 'input.all_or_some', 'name listings, or give --all');
      }
      const accepted = await inHub(async ({ look, change }) => {
        const chosen = await look(async (db) => ({
          shopId: (await findShop(db, shop)).shopId,
          found: await Promise.all(listings.map((text) => findListing(db, text))),
        }));
        const listingIds = options.all === true ? 'all' : chosen.found.map(({ listingId }) => listingId);
        return change((ctx) => acceptProposals(ctx, { shopId: chosen.shopId, listingIds }));
      });
      printOne(command, { mapped: accepted.length, listingIds: accepted });
    });
}
