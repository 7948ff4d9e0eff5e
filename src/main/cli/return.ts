import { Command } from 'commander';
import { pageSizeMax } from '../../kernel/index.ts';
import {
  askReturnRefund,
  decideReturn,
  decisions,
  enterReturn,
  listReturns,
  returnStates,
  withdrawReturn,
  type ReturnDetail,
} from '../../returns/index.ts';
import { findOneOrder, findShop, findWarehouses } from './find.ts';
import { inHub, type Desk } from './in-hub.ts';
import { parseChoice } from './input.ts';
import { printOne, printRows } from './print.ts';
import { findOneReturn, readDecisions, readLines, readWish, wishOptions, type WishOptions } from './return-input.ts';
import { showReturn } from './return-show.ts';
import { collect, subCommand } from './sub-command.ts';

export function returnCommand(): Command {
  return new Command('return')
    .description('returns: list, show, add, decide, refund, withdraw')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(addCommand())
    .addCommand(decideCommand())
    .addCommand(refundCommand())
    .addCommand(withdrawCommand());
}

function listCommand(): Command {
  return subCommand('list', 'show returns, newest first', 'return list', 'return list --state all --order 1001')
    .option('--state <state>', `${returnStates.states.join(', ')} or all`, 'open')
    .option('--shop <shop>', 'only those of one shop')
    .option('--order <no>', 'only those of one order')
    .option('--after <cursor>', 'the next page')
    .action(async (options: { state: string; shop?: string; order?: string; after?: string }, command: Command) => {
      const state = parseChoice(options.state, [...returnStates.states, 'all'], '--state');
      const { items, next } = await inHub(({ look }) =>
        look(async (db) =>
          listReturns(
            db,
            { after: options.after ?? null, limit: pageSizeMax },
            {
              ...(state === 'all' ? {} : { state }),
              ...(options.shop === undefined ? {} : { shopId: (await findShop(db, options.shop)).shopId }),
              ...(options.order === undefined ? {} : { orderId: (await findOneOrder(db, options.order)).orderId }),
            },
          ),
        ),
      );
      printRows(command, items, [
        { title: 'NO', of: (each) => each.number },
        { title: 'ORDER', of: (each) => each.orderNumber },
        { title: 'CHANNEL NO', of: (each) => each.externalNumber },
        { title: 'STATE', of: (each) => each.state },
        { title: 'FROM', of: (each) => each.source },
        { title: 'UNITS', of: (each) => each.units },
        { title: 'WAITING', of: (each) => each.waitingUnits },
        { title: 'OPENED', of: (each) => each.createdAt },
        { title: 'REASON', of: (each) => each.reason },
      ]);
      if (next !== null) console.error(`More: --after ${next}`);
    });
}

function showCommand(): Command {
  return subCommand('show <no>', 'show a return: lines, decisions, refunds', 'return show 7').action(
    async (no: string, _options: object, command: Command) => {
      showReturn(command, await inHub(({ look }) => look((db) => findOneReturn(db, no))));
    },
  );
}

function addCommand(): Command {
  const command = subCommand(
    'add <order>',
    'enter what comes back of an order: units that have left',
    'return add 1001 --line MUG-BLUE=1 --reason "arrived broken"',
    'return add 1001 --line MUG-BLUE=2 --reason "did not fit" --refund --shipping',
  )
    .requiredOption('--line <line=units>', 'line id, its id on the channel or its SKU code; may be repeated', collect)
    .requiredOption('--reason <text>', 'why it comes back, for colleagues and the channel');
  return wishOptions(command).action(
    async (no: string, options: WishOptions & { line: string[]; reason: string }, own: Command) => {
      const entered = await inHub(async ({ look, change }) => {
        const order = await look((db) => findOneOrder(db, no));
        const { orderId, number, currency } = order;
        const hint = `wharf order show ${number} shows their ids`;
        const lines = readLines(order.lines, options.line, hint).map(({ line, quantity }) => ({
          orderLineId: line.orderLineId,
          quantity,
        }));
        const refund = readWish(options, currency);
        const made = await change((ctx) => enterReturn(ctx, { orderId, reason: options.reason, lines, refund }));
        return { return: made.number, returnId: made.returnId, order: number, refund: made.refund };
      });
      printOne(own, entered);
    },
  );
}

function decideCommand(): Command {
  const command = subCommand(
    'decide <no>',
    'decide units of a return; without --line whatever waits',
    'return decide 7 --as restock --warehouse NORTH',
    'return decide 7 --as scrap --line MUG-BLUE=1 --note "broken handle"',
    'return decide 7 --as none',
  )
    .requiredOption('--as <decision>', decisions.join(', '))
    .option('--line <line=units>', 'line id or SKU code of the channel; may be repeated', collect)
    .option('--warehouse <code>', 'where restocked units lie from now on')
    .option('--note <text>', 'for colleagues');
  type Options = WishOptions & { as: string; line?: string[]; warehouse?: string; note?: string };
  return wishOptions(command).action(async (no: string, options: Options, own: Command) => {
    const decision = parseChoice(options.as, decisions, '--as');
    await changeReturn(own, no, async ({ look, change }, found) => {
      const [warehouseId = null] = await look((db) =>
        findWarehouses(db, options.warehouse === undefined ? [] : [options.warehouse]),
      );
      const facts = { decision, warehouseId, note: options.note ?? null };
      const lines = readDecisions(found, options.line ?? null, facts);
      const refund = readWish(options, found.currency);
      return change((ctx) => decideReturn(ctx, { returnId: found.returnId, lines, refund }));
    });
  });
}

function refundCommand(): Command {
  const command = subCommand(
    'refund <no>',
    'ask the channel to pay units of a return back; without --line all that are not paid back yet',
    'return refund 7',
    'return refund 7 --amount 12.34 --line MUG-BLUE=1',
  ).option('--line <line=units>', 'line id or SKU code of the channel; may be repeated', collect);
  return wishOptions(command, { isAsked: true }).action(
    async (no: string, options: WishOptions & { line?: string[] }, own: Command) => {
      await changeReturn(own, no, async ({ change }, found) => {
        const hint = `wharf return show ${found.number} shows their ids`;
        const lines =
          options.line === undefined
            ? null
            : readLines(found.lines, options.line, hint).map(({ line, quantity }) => ({
                orderLineId: line.orderLineId,
                quantity,
              }));
        const wish = readWish({ ...options, refund: true }, found.currency);
        if (wish === null) return {};
        return { refund: await change((ctx) => askReturnRefund(ctx, { ...wish, returnId: found.returnId, lines })) };
      });
    },
  );
}

function withdrawCommand(): Command {
  return subCommand('withdraw <no>', 'take back a return that was entered in error', 'return withdraw 7').action(
    async (no: string, _options: object, command: Command) => {
      await changeReturn(command, no, async ({ change }, { returnId }) => {
        await change((ctx) => withdrawReturn(ctx, returnId));
        return { state: 'withdrawn' };
      });
    },
  );
}

async function changeReturn(
  command: Command,
  no: string,
  work: (desk: Desk, found: ReturnDetail) => Promise<Readonly<Record<string, unknown>>>,
): Promise<void> {
  const done = await inHub(async (desk) => {
    const found = await desk.look((db) => findOneReturn(db, no));
    return { return: found.number, returnId: found.returnId, ...(await work(desk, found)) };
  });
  printOne(command, done);
}
