import { Command } from 'commander';
import {
  askForPolls,
  changeShop,
  cursorStreams,
  getShop,
  listListings,
  listShops,
  pauseShop,
  readHealth,
  removeShop,
  resumeShop,
} from '../../channels/index.ts';
import { pageSizeMax, type ShopId } from '../../kernel/index.ts';
import type { Ctx } from '../../platform/db/index.ts';
import { findShop } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseChoice } from './input.ts';
import { printOne, printRows } from './print.ts';
import { channelsCommand } from './shop-channels.ts';
import { connectCommand } from './shop-connect.ts';
import { locationsCommand, serveCommand } from './shop-places.ts';
import { rotateSecretCommand } from './shop-secret.ts';
import { subCommand } from './sub-command.ts';

export function shopCommand(): Command {
  return new Command('shop')
    .description('shops: connect, show, pause, remove; which warehouses serve them')
    .addCommand(channelsCommand())
    .addCommand(connectCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(moveCommand('pause', 'stop all calls to the channel; webhooks are still stored', 'paused', pauseShop))
    .addCommand(moveCommand('resume', 'let calls go on, and forget the back-off', 'active', resumeShop))
    .addCommand(
      moveCommand(
        'remove',
        'take a shop out of service for good; history stays, credentials are gone',
        'removed',
        removeShop,
      ),
    )
    .addCommand(pushStockCommand())
    .addCommand(serveCommand())
    .addCommand(locationsCommand())
    .addCommand(pollCommand())
    .addCommand(rotateSecretCommand());
}

function listCommand(): Command {
  return subCommand('list', 'show the shops', 'shop list')
    .option('--with-removed', 'removed ones too')
    .action(async (options: { withRemoved?: boolean }, command: Command) => {
      const withRemoved = options.withRemoved === true;
      const { items } = await inHub(({ look }) =>
        look((db) => listShops(db, { after: null, limit: pageSizeMax, withRemoved })),
      );
      printRows(command, items.map(withoutKey), [
        { title: 'NAME', of: (shop) => shop.name },
        { title: 'CHANNEL', of: (shop) => shop.channel },
        { title: 'STATE', of: (shop) => shop.state },
        { title: 'CURRENCY', of: (shop) => shop.currency },
        { title: 'PUSHES STOCK', of: (shop) => shop.pushesStock },
        { title: 'ID', of: (shop) => shop.shopId },
      ]);
    });
}

/** The webhook key lets anyone post to the inbox: `shop show` tells it as an address, lists do not. */
function withoutKey<Shop extends { readonly webhookKey: string }>({
  webhookKey: _key,
  ...shop
}: Shop): Omit<Shop, 'webhookKey'> {
  return shop;
}

function showCommand(): Command {
  return subCommand('show <shop>', 'show a shop with its health', 'shop show "Demo shop"').action(
    async (text: string, _options: object, command: Command) => {
      const found = await inHub(({ look }) =>
        look(async (db) => {
          const { webhookKey, ...shop } = await findShop(db, text);
          const one = { after: null, limit: 1 };
          const unmapped = await listListings(db, one, { shopId: shop.shopId, state: 'unmapped' });
          return {
            ...shop,
            webhookPath: `/hooks/${webhookKey}`,
            hasUnmappedListings: unmapped.items.length > 0,
            ...(await readHealth(db, shop.shopId)),
          };
        }),
      );
      printOne(command, found);
    },
  );
}

function moveCommand(
  name: string,
  description: string,
  state: string,
  verb: (ctx: Ctx, shopId: ShopId) => Promise<void>,
): Command {
  return subCommand(`${name} <shop>`, description, `shop ${name} "Demo shop"`).action(
    async (text: string, _options: object, command: Command) => {
      const shop = await inHub(async ({ look, change }) => {
        const found = await look((db) => findShop(db, text));
        await change((ctx) => verb(ctx, found.shopId));
        return found;
      });
      printOne(command, { shopId: shop.shopId, name: shop.name, state });
    },
  );
}

function pushStockCommand(): Command {
  return subCommand(
    'push-stock <shop> <on|off>',
    'tell the channel how much there is, or stop; look at the mapping first',
    'shop push-stock "Demo shop" on',
  ).action(async (text: string, word: string, _options: object, command: Command) => {
    const pushesStock = parseChoice(word, ['on', 'off'], 'on|off') === 'on';
    const shop = await inHub(async ({ deps, look, change }) => {
      const { shopId, version } = await look((db) => findShop(db, text));
      await change((ctx) => changeShop(ctx, deps, { shopId, version, pushesStock }));
      return look((db) => getShop(db, shopId));
    });
    printOne(command, { shopId: shop.shopId, name: shop.name, pushesStock: shop.pushesStock });
  });
}

function pollCommand(): Command {
  return subCommand(
    'poll <shop>',
    'read orders, listings and stock now instead of when they are due; a running worker does it',
    'shop poll "Demo shop"',
  ).action(async (text: string, _options: object, command: Command) => {
    const asked = await inHub(async ({ look, change }) => {
      const { shopId, name } = await look((db) => findShop(db, text));
      return { shopId, name, streams: await change((ctx) => askForPolls(ctx, shopId, cursorStreams)) };
    });
    printOne(command, asked);
  });
}
