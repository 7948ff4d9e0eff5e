import type { Command } from 'commander';
import {
  changeRule,
  changeSeller,
  confirmLastNumber,
  createSeries,
  languages,
  listRules,
  listSeries,
  moments,
  needSeries,
  readSeller,
  seller,
  type InvoiceRule,
  type Language,
  type Moment,
  type RuleChange,
} from '../../invoicing/index.ts';
import { findShop } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseChoice, parseCount, parseTime, parseWhole } from './input.ts';
import { printJson, printOne, printRows, wantsJson } from './print.ts';
import { collect, subCommand } from './sub-command.ts';

export function settingsCommand(): Command {
  return subCommand('settings', 'show who issues, when, in which language, by which numbers').action(
    async (_options: object, command: Command) => {
      const settings = await inHub(({ look }) =>
        look(async (db) => ({
          seller: await readSeller(db),
          rules: await listRules(db),
          series: await listSeries(db),
        })),
      );
      if (wantsJson(command)) return printJson(settings);
      printOne(command, settings.seller ?? { seller: null });
      console.log('');
      printRules(command, settings.rules);
      console.log('');
      printRows(command, settings.series, [
        { title: 'SERIES', of: (series) => series.code },
        { title: 'FORMAT', of: (series) => series.format },
        { title: 'YEAR', of: (series) => (series.period === 0 ? null : series.period) },
        { title: 'LAST', of: (series) => series.lastSerial },
        { title: 'STATE', of: (series) => series.state },
      ]);
    },
  );
}

function printRules(command: Command, rules: readonly InvoiceRule[]): void {
  printRows(command, rules, [
    { title: 'RULE OF', of: (rule) => rule.shopId ?? 'company' },
    { title: 'AT', of: (rule) => rule.at },
    { title: 'LANGUAGE', of: (rule) => rule.language },
    { title: 'INVOICES', of: (rule) => rule.invoiceSeries },
    { title: 'CREDIT NOTES', of: (rule) => rule.creditSeries },
    { title: 'ORDERS SINCE', of: (rule) => rule.ordersSince },
  ]);
}

type SellerOptions = {
  name: string;
  address: string[];
  taxId?: string;
  bank?: string[];
  zone?: string;
  keepYears?: string;
};

export function sellerCommand(): Command {
  return subCommand(
    'seller',
    'say who issues invoices; what was issued stays as it is',
    'invoice seller --name "Harbour Goods GmbH" --address "Kai 1" --address "20457 Hamburg" --tax-id DE123456789 --zone Europe/Berlin',
  )
    .requiredOption('--name <legal name>', 'as it is registered')
    .requiredOption('--address <line>', 'may be repeated', collect)
    .option('--tax-id <id>', 'VAT or tax number')
    .option('--bank <line>', 'where to pay; may be repeated', collect)
    .option('--zone <zone>', 'the time zone that days and years are counted in', 'UTC')
    .option('--keep-years <n>', 'how long the law wants receivers kept', '10')
    .action(async (options: SellerOptions, command: Command) => {
      const input = seller.parse({
        legalName: options.name,
        address: options.address,
        taxId: options.taxId ?? '',
        bank: (options.bank ?? []).join('\n'),
        timeZone: options.zone,
        keepReceiversYears: parseCount(options.keepYears ?? '10', '--keep-years'),
      });
      printOne(command, await inHub(({ change }) => change((ctx) => changeSeller(ctx, input))));
    });
}

type RuleOptions = {
  shop?: string;
  at?: string;
  language?: string;
  series?: string;
  creditSeries?: string;
  since?: string;
};

export function ruleCommand(): Command {
  return subCommand(
    'rule',
    'say when orders are invoiced: for the company, or otherwise for one shop',
    'invoice rule --at ship_out --language zh-CN',
    'invoice rule --shop "My shop" --at payment --language both',
    'invoice rule --shop "My shop" --at company',
  )
    .option('--shop <shop>', 'what one shop does otherwise; "company" takes a word back')
    .option('--at <moment>', `${moments.join(', ')}; holds for orders placed from now on`)
    .option('--language <language>', languages.join(', '))
    .option('--series <code>', 'numbers of invoices')
    .option('--credit-series <code>', 'numbers of credit notes; may be the same')
    .option('--since <time>', 'also orders placed since')
    .action(async (options: RuleOptions, command: Command) => {
      const rules = await inHub(async ({ look, change }) => {
        const { shop } = options;
        const shopId = shop === undefined ? null : (await look((db) => findShop(db, shop))).shopId;
        await change((ctx) => changeRule(ctx, shopId, ruleOf(options)));
        return look(listRules);
      });
      printRules(command, rules);
    });
}

const companys = 'company';

function ruleOf(options: RuleOptions): RuleChange {
  const read = <Value extends string>(
    text: string | undefined,
    parse: (text: string) => Value,
  ): Value | null | undefined => {
    if (text === undefined) return undefined;
    return text === companys ? null : parse(text);
  };
  return {
    at: read<Moment>(options.at, (text) => parseChoice(text, moments, '--at')),
    language: read<Language>(options.language, (text) => parseChoice(text, languages, '--language')),
    invoiceSeries: read(options.series, String),
    creditSeries: read(options.creditSeries, String),
    ordersSince: options.since === undefined ? undefined : parseTime(options.since, '--since'),
  };
}

export function seriesCommand(): Command {
  return subCommand(
    'series <code>',
    'add a series of numbers; invoice settings lists them',
    'invoice series SHOP2 --format "S2-{year}-{number:5}" --start 771',
  )
    .requiredOption('--format <format>', 'with {number} or {number:6}, and {year}')
    .option('--start <number>', 'the first number', '1')
    .option('--never-restarts', 'go on counting over the years')
    .action(
      async (code: string, options: { format: string; start: string; neverRestarts?: boolean }, command: Command) => {
        const restarts = options.neverRestarts === true ? 'never' : 'yearly';
        const startAt = parseCount(options.start, '--start');
        printOne(
          command,
          await inHub(({ change }) =>
            change((ctx) => createSeries(ctx, { code, format: options.format, restarts, startAt })),
          ),
        );
      },
    );
}

export function confirmSeriesCommand(): Command {
  return subCommand(
    'confirm-series <code>',
    'after a restore: enter the last number issued anywhere, so that the series goes on after it',
    'invoice confirm-series INV --last 123',
  )
    .requiredOption('--last <number>', 'the counting part of the last number: 123 of INV-2026-000123')
    .option('--year <year>', 'its year, where that is later than the last one known here')
    .action(async (code: string, options: { last: string; year?: string }, command: Command) => {
      const lastNumber = parseWhole(options.last, '--last');
      const year = options.year === undefined ? undefined : parseWhole(options.year, '--year');
      const confirmed = await inHub(async ({ look, change }) => {
        const { seriesId } = await look((db) => needSeries(db, code));
        return change((ctx) => confirmLastNumber(ctx, { seriesId, lastNumber, year }));
      });
      printOne(command, { code, ...confirmed });
    });
}
