import { Command } from 'commander';
import { pageSizeMax } from '../../kernel/index.ts';
import { listExceptions } from '../../platform/exceptions/index.ts';
import { inHub } from './in-hub.ts';
import { parseChoice } from './input.ts';
import { printRows } from './print.ts';
import { subCommand } from './sub-command.ts';

export function exceptionCommand(): Command {
  return new Command('exception').description('what is stuck, why, and what would free it').addCommand(listCommand());
}

function listCommand(): Command {
  return subCommand('list', 'show exceptions, newest first', 'exception list', 'exception list --state all')
    .option('--state <state>', 'open, closed or all', 'open')
    .action(async (options: { state: string }, command: Command) => {
      const state = parseChoice(options.state, ['open', 'closed', 'all'], '--state');
      const { items } = await inHub(({ look }) =>
        look((db) => listExceptions(db, { after: null, limit: pageSizeMax }, { state })),
      );
      printRows(command, items, [
        { title: 'KIND', of: (exception) => exception.kind },
        { title: 'ABOUT', of: (exception) => `${exception.subjectKind} ${exception.subjectId}` },
        { title: 'OPENED', of: (exception) => exception.openedAt },
        { title: 'SEEN', of: (exception) => exception.seenCount },
        { title: 'NEXT STEP', of: (exception) => exception.nextStep },
      ]);
    });
}
