import { Command } from 'commander';
import { fakeCommand } from './connector-fake.ts';
import { checkoutRoot } from './connector-folder.ts';
import { listCommand } from './connector-list.ts';
import { newCommand } from './connector-new.ts';
import { testCommand } from './connector-test.ts';
import { untilSignal } from './until-signal.ts';

/** For those who write connectors. Opens no database. `until` is what keeps a served fake alive. */
export function connectorCommand(root = checkoutRoot, until = untilSignal): Command {
  return new Command('connector')
    .description('connectors: what each channel can do; make, test and try one')
    .addCommand(listCommand(root))
    .addCommand(newCommand(root))
    .addCommand(testCommand(root))
    .addCommand(fakeCommand(root, until));
}
