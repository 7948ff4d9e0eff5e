import { Command } from 'commander';
import { auditHeadsFile } from '../audit-heads-file.ts';
import { readChecklist, type Checklist } from '../recovery/checklist.ts';
import { confirmRecovery, forgetLostHeads, readShops } from '../recovery/confirm-recovery.ts';
import { printJson, printOne, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';
import { cliActor, withHub } from './with-hub.ts';

export function recoveryCommand(): Command {
  return new Command('recovery')
    .description('after a restore: what is known of the time that was lost, and what to look at before all goes on')
    .action((_options: object, command: Command) => showChecklist(command))
    .addCommand(readCommand())
    .addCommand(confirmCommand());
}

function readCommand(): Command {
  return subCommand(
    'read',
    'let a running hub read every shop and take in orders; nothing is told to anybody',
    'recovery read',
  ).action(async (_options: object, command: Command) => {
    const { epoch } = await withHub(({ deps }) => readShops(deps.database, cliActor));
    printOne(command, { epoch, reading: 'a running hub reads every shop now; wharf recovery shows how far it is' });
  });
}

function confirmCommand(): Command {
  return subCommand('confirm', 'let everything go on', 'recovery confirm')
    .option('--anyway', 'also where a shop could not be read')
    .action(async (options: { anyway?: boolean }, command: Command) => {
      await showChecklist(command);
      await withHub(async ({ deps, databaseUrl }, env) => {
        const recovery = await confirmRecovery(deps.database, cliActor, { anyway: options.anyway === true });
        await forgetLostHeads(auditHeadsFile(env, databaseUrl), recovery, deps.clock.now());
      });
      if (!wantsJson(command)) console.log('\nConfirmed. Everything goes on.');
    });
}

async function showChecklist(command: Command): Promise<void> {
  const checklist = await withHub(({ deps }) => readChecklist(deps.database));
  if (wantsJson(command)) return printJson(checklist);
  if (checklist === null) return console.log('No restore waits to be confirmed.');
  for (const line of linesOf(checklist)) console.log(line);
}

const done = (isDone: boolean): string => (isDone ? '[x]' : '[ ]');

function linesOf({ recovery, phase, shops, writes, waiting, refetched, series }: Checklist): string[] {
  const read = shops.shops - shops.unread.length;
  return [
    `Restored ${recovery.restoredAt.toISOString()} to what was known on ${recovery.backupAt.toISOString()} (epoch ${recovery.epoch}).`,
    phase === 'paused'
      ? 'Everything stands still. wharf recovery read lets a running hub read the shops; nothing is told to anybody.'
      : 'Shops are read and orders taken in; nothing is told, allocated or invoiced.',
    '',
    `${done(phase !== 'paused' && shops.unread.length === 0)} shops read to the end: ${read} of ${shops.shops}${named(shops.unread)}`,
    `${done(phase === 'read' || (waiting.reads === 0 && waiting.documents === 0))} still to be read: ${waiting.reads} orders; to be taken in: ${waiting.documents} documents`,
    `${done(writes.readBack === writes.writes)} packages, cancels and refunds of unknown outcome, read back: ${writes.readBack} of ${writes.writes}`,
    `${done(series.length === 0)} invoice series locked until their last number is confirmed: ${series.length}${named(series)}`,
    '',
    'For a person:',
    `- ${refetched.orders} orders came after the backup and were fetched again.`,
    `- ${refetched.shippedElsewhere} orders show ${refetched.unitsElsewhere} units as shipped that had not left here by then. They will not be sent`,
    '  again, but they are still on hand here: count those SKUs (wharf stock adjust).',
    '- Receipts, counts, prices, mappings and settings entered after the backup are gone: enter them again.',
    '- Tokens revoked after the backup are valid again, and those made after it are not: wharf token list.',
    '- Erasures of personal data done after the backup have to be done again.',
    `- Heads of the audit's seals kept outside the database speak of the lost time: wharf audit --forget-heads "restored to ${recovery.backupAt.toISOString()}".`,
    ...(shops.pushing.length === 0
      ? []
      : [`- ${shops.pushing.join(', ')} cannot be read: have all orders and cancels since the backup sent again.`]),
  ];
}

function named(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}
