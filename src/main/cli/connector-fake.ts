import type { Command } from 'commander';
import { ChannelFault, secretFields, type AnyConnector, type ServedFake } from '../../connector-kit/index.ts';
import { Fault } from '../../kernel/index.ts';
import { connectors } from '../connectors.ts';
import { loadDefinition, loadServeFake } from './connector-folder.ts';
import { parseWhole } from './input.ts';
import { printJson, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';

const checkTimeoutMs = 10_000;
const portMax = 65_535;

export function fakeCommand(root: string, until: (close: () => Promise<void>) => Promise<void>): Command {
  return subCommand(
    'fake <name>',
    "serve a connector's fake on 127.0.0.1, with some goods and orders, until Ctrl-C; it keeps nothing",
    'connector fake sandbox --port 4010',
  )
    .option('--port <number>', 'any free one without it', '0')
    .action(async (name: string, options: { port: string }, command: Command) => {
      const definition = await loadDefinition(root, name);
      const serveFake = await loadServeFake(root, name);
      const served = await listen(serveFake, readPort(options.port));
      try {
        const { shopName } = await signIn(definition, served, name);
        const guide = connectGuide(definition, served);
        if (wantsJson(command)) printJson({ connector: name, origin: served.origin, shopName, ...guide });
        else for (const line of sayGuide(name, shopName, served.origin, guide)) console.log(line);
        await until(served.close);
      } catch (error) {
        await served.close();
        throw error;
      }
    });
}

function readPort(text: string): number {
  const port = parseWhole(text, '--port');
  if (port >= 0 && port <= portMax) return port;
  throw new Fault('invalid', 'input.invalid', { message: `--port: from 0 to ${portMax}` });
}

async function listen(serveFake: Awaited<ReturnType<typeof loadServeFake>>, port: number): Promise<ServedFake> {
  try {
    return await serveFake({ port });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause;
    const message = `Something else listens on port ${port}.\n  Next: choose another --port, or leave it away.`;
    throw new Fault('conflict', 'connector.port_taken', { message, cause });
  }
}

/** What is printed has been tried: the connector itself signs in with these settings. */
async function signIn(definition: AnyConnector, served: ServedFake, name: string): Promise<{ shopName: string }> {
  const io = {
    settings: definition.settings.parse(served.settings),
    fetch: globalThis.fetch,
    now: new Date(),
    signal: AbortSignal.timeout(checkTimeoutMs),
    log: { debug: () => undefined, warn: () => undefined },
  };
  try {
    return await definition.check(io);
  } catch (error) {
    if (!(error instanceof ChannelFault)) throw error;
    const message = `The fake of ${name} refuses its own settings: ${error.message}.\n  Next: wharf connector test ${name}.`;
    throw new Fault('invalid', 'connector.fake_refuses', { message, cause: error });
  }
}

type ConnectGuide = {
  /** Shell lines that set what must not stand on a command line. */
  readonly exports: readonly string[];
  /** Null where the program does not know this connector. */
  readonly connect: string | null;
};

function connectGuide(definition: AnyConnector, { origin, settings }: ServedFake): ConnectGuide {
  const secrets = new Set(secretFields(definition.settings));
  const given = Object.entries(settings).filter(([, value]) => value !== null);
  const variable = (key: string): string =>
    `${definition.code}_${key.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')}`.replaceAll('-', '_').toUpperCase();
  const words = given.map(([key, value]) =>
    secrets.has(key) ? `--secret-from-env ${key}=${variable(key)}` : `--set ${quoted(`${key}=${String(value)}`)}`,
  );
  return {
    exports: [
      `export WHARF_PRIVATE_ORIGINS=${origin}`,
      ...given
        .filter(([key]) => secrets.has(key))
        .map(([key, value]) => `export ${variable(key)}=${quoted(String(value))}`),
    ],
    connect: connectors.has(definition.code)
      ? `npm run -s wharf -- shop connect ${definition.code} --name "Fake ${definition.label.en}" ${words.join(' ')}`
      : null,
  };
}

function sayGuide(name: string, shopName: string, origin: string, { exports, connect }: ConnectGuide): string[] {
  const how =
    connect === null
      ? ['No shop can be connected to it: src/main/connector-list.ts does not name its connector.']
      : [
          'Connect a shop to it in another terminal. The hub must have been started with the same WHARF_PRIVATE_ORIGINS.',
        ];
  return [
    `The fake of ${name} answers on ${origin} as "${shopName}". Ctrl-C stops it, and it forgets what was sold.`,
    '',
    ...how,
    ...(connect === null ? [] : ['', ...exports.map((line) => `  ${line}`), `  ${connect}`]),
    '',
  ];
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.:/@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
