import type { Command } from 'commander';
import { Fault } from '../../kernel/index.ts';
import { connectors } from '../connectors.ts';
import { loadDefinition } from './connector-folder.ts';
import { makeFromTemplate } from './connector-from-template.ts';
import { writeTable } from './connector-readme.ts';
import { printOne, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';

export function newCommand(root: string): Command {
  return subCommand(
    'new <name>',
    'make a connector from the template, green at once, and add it to the program',
    'connector new harbour-mart',
  ).action(async (text: string, _options: object, command: Command) => {
    const { name, folder, files, isFormatted } = makeFromTemplate(root, text, [...connectors.keys()]);
    const readme = refreshTable(root, [...connectors.values(), await loadDefinition(root, name.kebab)]);
    printOne(command, { folder, files: files.length, list: 'src/main/connector-list.ts', readme });
    if (wantsJson(command)) return;
    if (!isFormatted) console.error('oxfmt is not installed: run npm ci, then npm run format.');
    console.error(`\nNext: wharf connector test ${name.kebab}; connectors/README.md goes on from there.`);
  });
}

/** The connector is made by now: a README without a table does not undo it. */
function refreshTable(root: string, all: Parameters<typeof writeTable>[1]): string {
  try {
    writeTable(root, all);
    return 'the table of channels has its row';
  } catch (error) {
    if (error instanceof Fault) return 'has no table of channels';
    throw error;
  }
}
