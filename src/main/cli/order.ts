import { Command } from 'commander';
import { requestReads } from '../../inbound/index.ts';
import { invalidField, moneyToDecimal, pageSizeMax } from '../../kernel/index.ts';
import {
  holdKinds,
  listOrders,
  placeHolds,
  releaseHolds,
  type OrderDetail,
  type OrderFilters,
} from '../../orders/index.ts';
import { requestCancel, requestRefund } from '../../outbound/index.ts';
import { findOneOrder, findShop } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseAmount, parseChoice, parseCount, parsePair } from './input.ts';
import { showCommand } from './order-show.ts';
import { printOne, printRows } from './print.ts';
import { collect, subCommand } from './sub-command.ts';

/** What one word of `--state` keeps. */
const states = {
  unpaid: { paymentState: 'unpaid' },
  paid: { paymentState: 'paid' },
  open: { fulfilmentState: 'open', isCancelled: false },
  partly_shipped: { fulfilmentState: 'partly_shipped', isCancelled: false },
  shipped: { fulfilmentState: 'shipped' },
  cancelled: { isCancelled: true },
} as const satisfies Record<string, Partial<OrderFilters>>;

type StateWord = keyof typeof states;
const stateWords = ['unpaid', 'paid', 'open', 'partly_shipped', 'shipped', 'cancelled'] as const satisfies StateWord[];

export function orderCommand(): Command {
  return new Command('order')
    .description('orders: list, show, hold, release, cancel, refund, read again')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(holdCommand())
    .addCommand(releaseCommand())
    .addCommand(cancelCommand())
    .addCommand(refundCommand())
    .addCommand(readCommand());
}

function listCommand(): Command {
  return subCommand('list', 'show the newest orders', 'order list --state open', 'order list --hold unmapped')
    .option('--state <state>', stateWords.join(', '))
    .option('--hold <kind>', holdKinds.join(', '))
    .option('--shop <shop>', 'only those of one shop')
    .option('--after <cursor>', 'the next page')
    .action(async (options: { state?: string; hold?: string; shop?: string; after?: string }, command: Command) => {
      const { items, next } = await inHub(({ look }) =>
        look(async (db) => {
          const state = options.state === undefined ? {} : states[parseChoice(options.state, stateWords, '--state')];
          const filters: OrderFilters = {
            paymentState: null,
            fulfilmentState: null,
            isCancelled: null,
            shopId: options.shop === undefined ? null : (await findShop(db, options.shop)).shopId,
            hold: options.hold === undefined ? null : parseChoice(options.hold, holdKinds, '--hold'),
            ...state,
          };
          return listOrders(db, { after: options.after ?? null, limit: pageSizeMax }, filters);
        }),
      );
      printRows(command, items, [
        { title: 'NO', of: (order) => order.number },
        { title: 'CHANNEL NO', of: (order) => order.externalNumber },
        { title: 'PLACED', of: (order) => order.placedAt },
        {
          title: 'TOTAL',
          of: ({ totalMinor, currency }) => `${moneyToDecimal({ minor: totalMinor, currency })} ${currency}`,
        },
        { title: 'PAYMENT', of: (order) => order.paymentState },
        { title: 'STATE', of: (order) => (order.cancelledAt === null ? order.fulfilmentState : 'cancelled') },
        { title: 'HOLDS', of: (order) => order.holds.join(',') },
      ]);
      if (next !== null) console.error(`More: --after ${next}`);
    });
}

function holdCommand(): Command {
  return subCommand(
    'hold <no>',
    'stop allocation of an order; its units stay claimed',
    'order hold 1001 --reason "call the buyer"',
  )
    .requiredOption('--reason <text>', 'why, for colleagues')
    .action(async (no: string, options: { reason: string }, command: Command) => {
      await changeOrder(command, no, 'held', async ({ change }, { orderId }) => {
        await change((ctx) => placeHolds(ctx, [{ orderId, kind: 'manual', cause: { reason: options.reason } }]));
        return { hold: 'manual' };
      });
    });
}

function releaseCommand(): Command {
  return subCommand(
    'release <no>',
    'lift a hold; the last one lets the order go on',
    'order release 1001 --kind manual',
  )
    .option('--kind <kind>', holdKinds.join(', '), 'manual')
    .action(async (no: string, options: { kind: string }, command: Command) => {
      const kind = parseChoice(options.kind, holdKinds, '--kind');
      await changeOrder(command, no, 'released', async ({ change }, { orderId }) => {
        await change((ctx) => releaseHolds(ctx, [{ orderId, kind }]));
        return { hold: kind };
      });
    });
}

function cancelCommand(): Command {
  return subCommand(
    'cancel <no>',
    'ask the channel to cancel an order, or some of its lines; held at once, freed when the channel shows it',
    'order cancel 1001 --reason "buyer asked"',
    'order cancel 1001 --line MUG-BLUE=1',
  )
    .option('--reason <text>', 'for the channel and the timeline', 'cancelled by the seller')
    .option('--line <line=units>', 'line id, its id on the channel or its SKU code; may be repeated', collect)
    .action(async (no: string, options: { reason: string; line?: string[] }, command: Command) => {
      await changeOrder(command, no, 'cancel_asked', ({ change, deps }, order) => {
        const lines = options.line === undefined ? null : parseLines(order, options.line);
        return change((ctx) =>
          requestCancel(ctx, deps.connectors, { orderId: order.orderId, lines, reason: options.reason }),
        );
      });
    });
}

function refundCommand(): Command {
  return subCommand(
    'refund <no>',
    'ask the channel to pay money back',
    'order refund 1001 --amount 12.34 --reason "arrived broken"',
  )
    .requiredOption('--amount <amount>', "in major units of the order's currency")
    .requiredOption('--reason <text>', 'for the channel and the timeline')
    .option('--line <line=units>', 'what it is for; may be repeated', collect, [])
    .action(async (no: string, options: { amount: string; reason: string; line: string[] }, command: Command) => {
      await changeOrder(command, no, 'refund_asked', ({ change, deps }, order) => {
        const { orderId, currency } = order;
        const amountMinor = parseAmount(options.amount, currency);
        const lines = parseLines(order, options.line);
        return change((ctx) =>
          requestRefund(ctx, deps.connectors, { orderId, amountMinor, currency, reason: options.reason, lines }),
        );
      });
    });
}

function readCommand(): Command {
  return subCommand('read <no>', 'ask that an order is read from its channel again', 'order read 1001').action(
    async (no: string, _options: object, command: Command) => {
      await changeOrder(command, no, 'read_asked', async ({ change }, { shopId, externalId }) => {
        await change((ctx) => requestReads(ctx, shopId, [externalId], 'asked'));
        return {};
      });
    },
  );
}

type Found = Awaited<ReturnType<typeof findOneOrder>>;

async function changeOrder(
  command: Command,
  no: string,
  outcome: string,
  work: (desk: Parameters<Parameters<typeof inHub>[0]>[0], order: Found) => Promise<Readonly<Record<string, unknown>>>,
): Promise<void> {
  const done = await inHub(async (desk) => {
    const order = await desk.look((db) => findOneOrder(db, no));
    return { order: order.number, orderId: order.orderId, outcome, ...(await work(desk, order)) };
  });
  printOne(command, done);
}

function parseLines(order: OrderDetail, texts: readonly string[]) {
  return texts.map((text) => {
    const [name, units] = parsePair(text, '--line');
    const [line, ...others] = order.lines.filter((one) =>
      [one.orderLineId, one.externalId, one.skuCode].includes(name),
    );
    if (line === undefined || others.length > 0) {
      const what = line === undefined ? 'no line' : 'several lines';
      throw invalidField(
        '--line',
        'order.line_unknown',
        `"${name}" names ${what}; wharf order show ${order.number} shows their ids`,
      );
    }
    return { orderLineId: line.orderLineId, quantity: parseCount(units, '--line') };
  });
}
