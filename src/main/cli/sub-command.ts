import { Command } from 'commander';

/** A command whose help ends with examples and names `--json`. */
export function subCommand(nameAndArguments: string, description: string, ...examples: string[]): Command {
  const [name, ...args] = nameAndArguments.split(' ');
  const command = new Command(name);
  for (const arg of args) command.argument(arg);
  return command
    .description(description)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText(
      'after',
      examples.length === 0 ? '' : `\nExample:\n${examples.map((line) => `  $ wharf ${line}`).join('\n')}`,
    );
}

/** For options that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
