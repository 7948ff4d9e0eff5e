/** A shell command of the README, and whether its block says that CI does not run it. */
export type ReadmeCommand = { readonly line: string; readonly runsInCi: boolean };

/** Commands of all `sh` blocks. A block behind `<!-- not run in CI: why -->` is exempt. */
export function readmeCommands(markdown: string): ReadmeCommand[] {
  const blocks = markdown.matchAll(/(<!-- not run in CI: [^>]+ -->\s+)?```sh\n([\s\S]*?)```/g);
  return [...blocks].flatMap(([, exempt, body = '']) =>
    body
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.trim().replaceAll(/\s+/g, ' '))
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => ({ line, runsInCi: exempt === undefined })),
  );
}

/** The words of a `wharf` command, quotes taken off; null for any other command. */
export function wharfWords(line: string): string[] | null {
  const rest = /^npm run -s wharf -- (.+)$/.exec(line)?.[1];
  if (rest === undefined) return null;
  return [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
