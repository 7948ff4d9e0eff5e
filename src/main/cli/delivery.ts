import { Command } from 'commander';
import { invalidField, pageSizeMax } from '../../kernel/index.ts';
import { getDelivery, listDeliveries, resendDeliveries, type DeliveryAttemptRow } from '../../outbound/index.ts';
import { findShop } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseTime } from './input.ts';
import { printOne, printRows, type Column } from './print.ts';
import { subCommand } from './sub-command.ts';

export function deliveryCommand(): Command {
  return new Command('delivery')
    .description('messages to a store of your own: what was sent, what failed, sending it again')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(resendCommand());
}

const outcome: Column<DeliveryAttemptRow> = {
  title: 'OUTCOME',
  of: ({ status, error }) => (error === null ? `taken, ${status}` : `${error}${status === null ? '' : ` (${status})`}`),
};

function listCommand(): Command {
  return subCommand(
    'list <shop>',
    `show attempts to deliver, newest first, ${pageSizeMax} at a time`,
    'delivery list "Own store" --failed',
  )
    .option('--failed', 'only those that failed')
    .option('--type <type>', 'only one type, such as stock.updated')
    .option('--after <cursor>', 'the next page: the cursor that the last one ended with')
    .action(async (text: string, options: { failed?: boolean; type?: string; after?: string }, command: Command) => {
      const { items, next } = await inHub(({ look }) =>
        look(async (db) =>
          listDeliveries(
            db,
            (await findShop(db, text)).shopId,
            { after: options.after ?? null, limit: pageSizeMax },
            { state: options.failed === true ? 'failed' : null, type: options.type ?? null },
          ),
        ),
      );
      printRows(command, items, [
        { title: 'AT', of: ({ at }) => at },
        { title: 'TYPE', of: ({ type }) => type },
        { title: 'ATTEMPT', of: ({ attempt }) => attempt },
        outcome,
        { title: 'MS', of: ({ durationMs }) => durationMs },
        { title: 'NEXT', of: ({ nextAt }) => nextAt },
        { title: 'MESSAGE', of: ({ messageId }) => messageId },
      ]);
      if (next !== null) console.error(`More: --after ${next}`);
    });
}

function showCommand(): Command {
  return subCommand(
    'show <shop> <message>',
    'show every attempt of one message, the last first, with what the store answered',
    'delivery show "Own store" shipment_WH-12-34',
  ).action(async (text: string, messageId: string, _options: object, command: Command) => {
    const attempts = await inHub(({ look }) =>
      look(async (db) => getDelivery(db, (await findShop(db, text)).shopId, messageId)),
    );
    printRows(command, attempts, [
      { title: 'ATTEMPT', of: ({ attempt }) => attempt },
      { title: 'AT', of: ({ at }) => at },
      outcome,
      { title: 'MS', of: ({ durationMs }) => durationMs },
      { title: 'ANSWER', of: ({ excerpt }) => excerpt },
      { title: 'NEXT', of: ({ nextAt }) => nextAt },
      { title: 'ABOUT', of: ({ subjectKind, subjects }) => `${subjectKind} ${subjects.join(' ')}` },
    ]);
  });
}

function resendCommand(): Command {
  return subCommand(
    'resend <shop> [message]',
    'send one message again, or all that failed since a time; of stock the newest number goes out',
    'delivery resend "Own store" shipment_WH-12-34',
    'delivery resend "Own store" --failed-since 2026-03-01T08:00:00Z',
  )
    .option('--failed-since <time>', 'all whose last attempt was made since then and failed')
    .action(
      async (text: string, messageId: string | undefined, options: { failedSince?: string }, command: Command) => {
        const { failedSince } = options;
        if ((messageId === undefined) === (failedSince === undefined)) {
          throw invalidField('message', 'input.one_of', 'name one message, or give --failed-since TIME');
        }
        const choice =
          messageId === undefined ? { failedSince: parseTime(failedSince ?? '', '--failed-since') } : { messageId };
        const sent = await inHub(async ({ look, change }) => {
          const shop = await look((db) => findShop(db, text));
          return { state: shop.state, ...(await change((ctx) => resendDeliveries(ctx, shop.shopId, choice))) };
        });
        printOne(command, sent);
        if (sent.state === 'paused') console.error(`\nThe shop is paused. Next: wharf shop resume "${text}"`);
      },
    );
}
