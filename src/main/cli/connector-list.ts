import type { Command } from 'commander';
import { capabilitiesOf } from '../../connector-kit/index.ts';
import { compareBytes } from '../../kernel/index.ts';
import { connectors } from '../connectors.ts';
import { terminalColumns } from './connector-matrix.ts';
import { readmeTable, writeTable } from './connector-readme.ts';
import { printRows, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';

export function listCommand(root: string): Command {
  return subCommand(
    'list',
    'show what each channel can do, read from the definitions of the connectors',
    'connector list',
    'connector list --write',
  )
    .option('--markdown', 'print the table of the README')
    .option('--write', 'write the table into the README, between its markers')
    .action((options: { markdown?: boolean; write?: boolean }, command: Command) => {
      if (options.write === true) {
        const hasChanged = writeTable(root, connectors.values());
        console.log(
          hasChanged ? 'README.md: the table of channels is written anew.' : 'README.md: nothing has changed.',
        );
        return;
      }
      if (options.markdown === true) {
        console.log(readmeTable(connectors.values()));
        return;
      }
      const channels = [...connectors.values()].map(capabilitiesOf).toSorted((a, b) => compareBytes(a.code, b.code));
      printRows(command, channels, terminalColumns);
      if (wantsJson(command)) return;
      for (const { code, notes } of channels.filter((channel) => channel.notes.length > 0)) {
        console.log(`\n${code}:\n${notes.map((note) => `  ${note}`).join('\n')}`);
      }
    });
}
