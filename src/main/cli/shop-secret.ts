import type { Command } from 'commander';
import { rotateSecret } from '../../channels/index.ts';
import { findShop } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseWhole } from './input.ts';
import { printOne } from './print.ts';
import { subCommand } from './sub-command.ts';

export function rotateSecretCommand(): Command {
  return subCommand(
    'rotate-secret <shop>',
    'make a new signing secret for a store of your own, shown this once; the old one stays good for a while',
    'shop rotate-secret "Own store" --overlap-hours 24',
  )
    .option('--overlap-hours <n>', 'how long the secret before it stays good; 0 ends it now', '24')
    .action(async (text: string, options: { overlapHours: string }, command: Command) => {
      const overlapMs = parseWhole(options.overlapHours, '--overlap-hours') * 3_600_000;
      const rotated = await inHub(async ({ deps, look, change }) => {
        const shop = await look((db) => findShop(db, text));
        return change((ctx) => rotateSecret(ctx, deps, shop.shopId, overlapMs));
      });
      printOne(command, rotated);
    });
}
