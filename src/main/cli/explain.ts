import { Command } from 'commander';
import { loadEnv } from '../../../config/env.ts';
import type { ShopRow } from '../../channels/index.ts';
import { explainListing, explainOrder, writeText, type Explanation } from '../../explain/index.ts';
import type { AnyDb } from '../../platform/db/index.ts';
import { languageOf, type Language } from '../../platform/i18n/index.ts';
import { findListing, findOneOrder, findShop } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseChoice } from './input.ts';
import { printJson, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';

type Options = { readonly shop?: string; readonly lang?: string };

export function explainCommand(): Command {
  return new Command('explain')
    .description('say in words what happened to an order and why, or why a listing shows its number')
    .addCommand(orderCommand())
    .addCommand(listingCommand());
}

function orderCommand(): Command {
  return withOptions(
    subCommand(
      'order <no>',
      'where an order stands, what to do, what happened and why: by our number, the channel’s, or the id',
      'explain order 1001',
      'explain order A-1001 --shop "Demo shop" --lang zh',
    ),
  ).action(async (no: string, options: Options, command: Command) => {
    const language = languageFor(options);
    const explanation = await inHub(async ({ look, deps }) => {
      const { orderId } = await look(async (db) => findOneOrder(db, no, await shopOf(db, options)));
      return explainOrder(deps.database, orderId, language);
    });
    print(command, explanation);
  });
}

function listingCommand(): Command {
  return withOptions(
    subCommand(
      'listing <listing>',
      'why a listing shows its number, term by term: by id, the channel’s id or its SKU code',
      'explain listing MUG-BLUE --shop "Demo shop"',
    ),
  ).action(async (text: string, options: Options, command: Command) => {
    const language = languageFor(options);
    const explanation = await inHub(async ({ look, deps }) => {
      const { listingId } = await look(async (db) => findListing(db, text, await shopOf(db, options)));
      return explainListing(deps, listingId, language);
    });
    print(command, explanation);
  });
}

function withOptions(command: Command): Command {
  return command
    .option('--shop <shop>', 'only of this shop: id, name, or the beginning of the name')
    .option('--lang <language>', 'en or zh; otherwise what LANG says');
}

async function shopOf(db: AnyDb, { shop }: Options): Promise<ShopRow | null> {
  return shop === undefined ? null : findShop(db, shop);
}

function languageFor({ lang }: Options): Language {
  if (lang !== undefined) return parseChoice(lang, ['en', 'zh'], '--lang');
  return languageOf(loadEnv().locale) ?? 'en';
}

function print(command: Command, explanation: Explanation): void {
  if (wantsJson(command)) printJson(explanation);
  else console.log(writeText(explanation).trimEnd());
}
