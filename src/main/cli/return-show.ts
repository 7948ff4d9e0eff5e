import type { Command } from 'commander';
import { moneyToDecimal } from '../../kernel/index.ts';
import type { ReturnDetail } from '../../returns/index.ts';
import { printJson, printOne, printRows, wantsJson } from './print.ts';

/** A return with its lines, what was decided and what is paid back for it. */
export function showReturn(command: Command, found: ReturnDetail): void {
  if (wantsJson(command)) return printJson(found);
  const { lines, decisions, reports, refunds, currency, ...facts } = found;
  printOne(command, facts);
  console.log('\nLines');
  printRows(command, lines, [
    { title: 'TITLE', of: (line) => line.title },
    { title: 'CHANNEL SKU', of: (line) => line.skuCode },
    { title: 'UNITS', of: (line) => line.quantity },
    { title: 'RESTOCKED', of: (line) => line.restocked },
    { title: 'SCRAPPED', of: (line) => line.scrapped },
    { title: 'NOT RETURNED', of: (line) => line.notReturned },
    { title: 'WAITING', of: (line) => line.waiting },
    { title: 'ID', of: (line) => line.returnLineId },
  ]);
  if (decisions.length > 0) {
    const titles = new Map(lines.map((line) => [line.returnLineId, line.title]));
    console.log('\nDecisions');
    printRows(command, decisions, [
      { title: 'AT', of: (each) => each.at },
      { title: 'LINE', of: (each) => titles.get(each.returnLineId) ?? null },
      { title: 'WHAT', of: (each) => each.decision },
      { title: 'UNITS', of: (each) => each.quantity },
      { title: 'WAREHOUSE', of: (each) => each.warehouseCode },
      { title: 'BY', of: (each) => `${each.actorKind}:${each.actorId}` },
      { title: 'NOTE', of: (each) => each.note },
    ]);
  }
  if (reports.length > 0) {
    console.log('\nOn the channel');
    printRows(command, reports, [
      { title: 'RETURN', of: (report) => report.externalId },
      { title: 'STATE', of: (report) => report.state },
      { title: 'ASKED AT', of: (report) => report.askedAt },
      { title: 'REASON', of: (report) => report.reason },
    ]);
  }
  if (refunds.length === 0) return;
  console.log('\nRefunds');
  printRows(command, refunds, [
    { title: 'STATE', of: (refund) => refund.state },
    {
      title: 'AMOUNT',
      of: ({ amountMinor }) => `${moneyToDecimal({ minor: amountMinor, currency })} ${currency}`,
    },
    { title: 'ASKED HERE', of: (refund) => refund.requestId !== null },
    { title: 'ON THE CHANNEL', of: (refund) => refund.externalId },
    { title: 'NEXT STEP', of: (refund) => refund.nextStep },
  ]);
}
