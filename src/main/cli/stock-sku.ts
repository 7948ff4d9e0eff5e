import { Command } from 'commander';
import { createProducts, listSkus } from '../../catalog/index.ts';
import { pageSizeMax } from '../../kernel/index.ts';
import { inHub } from './in-hub.ts';
import { parseCount } from './input.ts';
import { printOne, printRows } from './print.ts';
import { collect, subCommand } from './sub-command.ts';

export function skuCommand(): Command {
  return new Command('sku')
    .description('SKUs: what lies in warehouses')
    .addCommand(addCommand())
    .addCommand(listCommand());
}

function addCommand(): Command {
  return subCommand(
    'add <code>',
    'make a product with one SKU; listings with the same code or barcode are proposed for it',
    'stock sku add MUG-BLUE --title "Mug, blue" --barcode 4006381333931',
  )
    .requiredOption('--title <title>', 'what it is')
    .option('--barcode <code>', 'may be repeated', collect, [])
    .option('--weight-g <grams>', 'weight of one unit')
    .action(async (code: string, options: { title: string; barcode: string[]; weightG?: string }, command: Command) => {
      const { title, barcode: barcodes } = options;
      const weightG = options.weightG === undefined ? null : parseCount(options.weightG, '--weight-g');
      const [product] = await inHub(({ change }) =>
        change((ctx) => createProducts(ctx, [{ title, skus: [{ code, title, weightG, barcodes }] }])),
      );
      printOne(command, { productId: product?.productId ?? null, skuId: product?.skus[0]?.skuId ?? null, code });
    });
}

function listCommand(): Command {
  return subCommand('list', 'show SKUs by their codes', 'stock sku list --search MUG')
    .option('--search <text>', 'the beginning of a code, a part of a title, or a barcode')
    .option('--after <cursor>', 'the next page')
    .action(async (options: { search?: string; after?: string }, command: Command) => {
      const { items, next } = await inHub(({ look }) =>
        look((db) =>
          listSkus(db, { after: options.after ?? null, limit: pageSizeMax, search: options.search ?? null }),
        ),
      );
      printRows(command, items, [
        { title: 'CODE', of: (sku) => sku.code },
        { title: 'TITLE', of: (sku) => sku.title },
        { title: 'BARCODES', of: (sku) => sku.barcodes.join(',') },
        { title: 'WEIGHT G', of: (sku) => sku.weightG },
        { title: 'ID', of: (sku) => sku.skuId },
      ]);
      if (next !== null) console.error(`More: --after ${next}`);
    });
}
