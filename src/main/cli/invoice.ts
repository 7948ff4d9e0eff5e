import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import {
  getInvoice,
  listInvoices,
  listRequests,
  printInvoice,
  requestInvoice,
  retryRequest,
  type InvoiceDetail,
} from '../../invoicing/index.ts';
import { isId, moneyToDecimal, pageSizeMax, parseId } from '../../kernel/index.ts';
import type { AnyDb } from '../../platform/db/index.ts';
import { findOneOrder, findShop } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseTime } from './input.ts';
import {
  confirmSeriesCommand,
  ruleCommand,
  sellerCommand,
  seriesCommand,
  settingsCommand,
} from './invoice-settings.ts';
import { printJson, printOne, printRows, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';

export function invoiceCommand(): Command {
  return new Command('invoice')
    .description('invoices and credit notes: list, show, print, request; who issues them, when, by which numbers')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(pdfCommand())
    .addCommand(requestCommand())
    .addCommand(requestsCommand())
    .addCommand(retryCommand())
    .addCommand(settingsCommand())
    .addCommand(sellerCommand())
    .addCommand(ruleCommand())
    .addCommand(seriesCommand())
    .addCommand(confirmSeriesCommand());
}

type ListOptions = { order?: string; shop?: string; from?: string; until?: string };

function listCommand(): Command {
  return subCommand(
    'list',
    'show the newest invoices and credit notes',
    'invoice list --order 1001',
    'invoice list --from 2026-11-01 --until 2026-11-30',
  )
    .option('--order <no>', 'only those of one order')
    .option('--shop <shop>', 'only those of one shop')
    .option('--from <day>', 'issued on this day or later')
    .option('--until <day>', 'issued on this day or earlier')
    .action(async (options: ListOptions, command: Command) => {
      const { items } = await inHub(({ look }) => look((db) => listFor(db, options)));
      printRows(command, items, [
        { title: 'NUMBER', of: (invoice) => invoice.number },
        { title: 'KIND', of: (invoice) => invoice.kind },
        { title: 'DATE', of: (invoice) => invoice.issuedOn },
        { title: 'ORDER', of: (invoice) => invoice.orderNumber },
        {
          title: 'TOTAL',
          of: ({ totalMinor: minor, currency }) => `${moneyToDecimal({ minor, currency })} ${currency}`,
        },
        {
          title: 'CREDITED',
          of: ({ creditedMinor: minor, currency }) => (minor === 0 ? null : moneyToDecimal({ minor, currency })),
        },
        { title: 'CORRECTS', of: (invoice) => invoice.corrects },
      ]);
    });
}

async function listFor(db: AnyDb, { order, shop, from, until }: ListOptions) {
  const day = (text: string | undefined, option: string): string | undefined =>
    text === undefined ? undefined : parseTime(text, option).toISOString().slice(0, 10);
  return listInvoices(
    db,
    { after: null, limit: pageSizeMax },
    {
      orderId: order === undefined ? undefined : (await findOneOrder(db, order)).orderId,
      shopId: shop === undefined ? undefined : (await findShop(db, shop)).shopId,
      from: day(from, '--from'),
      until: day(until, '--until'),
    },
  );
}

function find(db: AnyDb, text: string): Promise<InvoiceDetail> {
  return getInvoice(db, isId(text) ? { id: parseId<'invoice'>(text, 'NUMBER') } : { number: text });
}

function showCommand(): Command {
  return subCommand('show <number>', 'show what an invoice says', 'invoice show INV-2026-000123').action(
    async (number: string, _options: object, command: Command) => {
      const invoice = await inHub(({ look }) => look((db) => find(db, number)));
      if (wantsJson(command)) return printJson(invoice);
      const { content, ...facts } = invoice;
      const amount = (minor: number): string => moneyToDecimal({ minor, currency: content.currency });
      printOne(command, { ...facts, language: content.language, seller: content.seller.legalName });
      console.log('');
      printRows(command, content.lines, [
        { title: 'TITLE', of: (line) => line.title },
        { title: 'CODE', of: (line) => line.code },
        { title: 'UNITS', of: (line) => line.quantity },
        { title: 'TAX %', of: (line) => line.taxRates.join('+') },
        { title: 'AMOUNT', of: (line) => amount(line.amountMinor) },
      ]);
      console.log('');
      printRows(
        command,
        content.taxGroups.flatMap(({ netMinor, taxes }) => taxes.map((tax) => ({ ...tax, netMinor }))),
        [
          { title: 'TAX', of: (tax) => tax.title },
          { title: '%', of: (tax) => tax.ratePercent },
          { title: 'NET', of: (tax) => amount(tax.netMinor) },
          { title: 'AMOUNT', of: (tax) => amount(tax.taxMinor) },
        ],
      );
    },
  );
}

function pdfCommand(): Command {
  return subCommand('pdf <number>', 'print an invoice to a file', 'invoice pdf INV-2026-000123 --out invoice.pdf')
    .option('--out <file>', 'where to; the number with .pdf when absent')
    .action(async (number: string, options: { out?: string }, command: Command) => {
      const printed = await inHub(async ({ deps, look }) => {
        const { invoiceId } = await look((db) => find(db, number));
        return printInvoice(look, deps.keyring, invoiceId);
      });
      const file = options.out ?? `${printed.number.replaceAll('/', '-')}.pdf`;
      await writeFile(file, printed.bytes);
      if (printed.missing.length > 0) {
        console.error(`The fonts lack ${printed.missing.join(', ')}: replaced, and named at the foot of the page.`);
      }
      printOne(command, { file, bytes: printed.bytes.byteLength, missing: printed.missing.join(', ') });
    });
}

function requestCommand(): Command {
  return subCommand(
    'request <order>',
    'ask for the invoice of an order, whatever the rule',
    'invoice request 1001',
  ).action(async (no: string, _options: object, command: Command) => {
    const requested = await inHub(async ({ look, change }) => {
      const { orderId } = await look((db) => findOneOrder(db, no));
      return change((ctx) => requestInvoice(ctx, orderId));
    });
    printOne(command, requested);
  });
}

function requestsCommand(): Command {
  return subCommand('requests', 'show what waits for its number or is parked', 'invoice requests --parked')
    .option('--parked', 'only what a person must look at')
    .action(async (options: { parked?: boolean }, command: Command) => {
      const filters = options.parked === true ? { state: 'parked' as const } : {};
      const { items } = await inHub(({ look }) =>
        look((db) => listRequests(db, { after: null, limit: pageSizeMax }, filters)),
      );
      printRows(command, items, [
        { title: 'REQUEST', of: (request) => request.requestId },
        { title: 'ORDER', of: (request) => request.orderNumber },
        { title: 'KIND', of: (request) => request.kind },
        { title: 'FROM', of: (request) => request.source },
        { title: 'STATE', of: (request) => request.state },
        { title: 'NUMBER', of: (request) => request.number },
        { title: 'CAUSE', of: ({ cause }) => (cause === null ? null : String(cause['code'])) },
      ]);
    });
}

function retryCommand(): Command {
  return subCommand('retry <request>', 'let a parked request be numbered, once you have looked at its cause').action(
    async (id: string, _options: object, command: Command) => {
      const requestId = parseId<'invoice_request'>(id, 'REQUEST');
      printOne(command, await inHub(({ change }) => change((ctx) => retryRequest(ctx, requestId))));
    },
  );
}
