import type { Command } from 'commander';
import { text as readAll } from 'node:stream/consumers';
import {
  checkConnection,
  connectShop,
  listLocations,
  openShop,
  storeLocations,
  type ShopSession,
} from '../../channels/index.ts';
import { ChannelFault, type AnyConnector } from '../../connector-kit/index.ts';
import { invalidField } from '../../kernel/index.ts';
import { inHub, type Desk } from './in-hub.ts';
import { parseChoice, parsePair, parseTime } from './input.ts';
import { printOne } from './print.ts';
import { settingFields } from './shop-channels.ts';
import { collect, subCommand } from './sub-command.ts';

type Options = {
  readonly name?: string;
  readonly set: readonly string[];
  readonly secretFromEnv: readonly string[];
  readonly secretFromStdin?: string;
  readonly since?: string;
  readonly claimsAt: string;
};

const backfillMs = 30 * 86_400_000;
const callTimeoutMs = 30_000;

export function connectCommand(): Command {
  return subCommand(
    'connect <channel>',
    'sign in at a channel and connect the shop; stock is told only after wharf shop push-stock',
    'shop connect vendure --set adminApiUrl=https://shop.example.com/admin-api --set username=wharf --secret-from-env password=VENDURE_PASSWORD',
    'shop connect vendure --set adminApiUrl=… --set username=wharf --secret-from-stdin password < password.txt',
  )
    .option('--name <name>', "what to call it; else the channel's own name for it")
    .option('--set <key=value>', 'a setting of the channel; may be repeated', collect, [])
    .option(
      '--secret-from-env <key=VARIABLE>',
      'a credential from an environment variable; may be repeated',
      collect,
      [],
    )
    .option('--secret-from-stdin <key>', 'one credential from standard input')
    .option('--since <time>', 'read orders placed since; else of the last 30 days')
    .option('--claims-at <when>', 'when the channel takes units off sale: placed or paid', 'placed')
    .action(async (channel: string, options: Options, command: Command) => {
      const claimsAt = parseChoice(options.claimsAt, ['placed', 'paid'], '--claims-at');
      const since = options.since === undefined ? null : parseTime(options.since, '--since');
      const given = await readGiven(options);
      const connected = await inHub(async (desk) => {
        const { deps, change } = desk;
        const connector = deps.connectors.get(channel);
        const settings = connector === undefined ? given : typed(connector, given);
        const report = await checkConnection(deps, { channel, settings });
        const name = options.name ?? report.shopName;
        const { shopId, webhookKey } = await change((ctx) => {
          const ordersSince = since ?? new Date(ctx.now.getTime() - backfillMs);
          return connectShop(ctx, deps, { channel, name, settings, claimsAt, ordersSince, pushesStock: false, report });
        });
        const session = await deps.database.read((db) => openShop(db, deps, shopId));
        const locations = await orLater(readLocations(desk, session), `wharf shop locations "${name}" reads them`);
        const webhooks = webhookNotice(session.connector, `/hooks/${webhookKey}`);
        return { shopId, name, currency: report.currency, locations, webhooks };
      });
      printOne(command, connected);
      console.error(
        `\nNext: wharf shop serve "${connected.name}" --warehouse CODE; wharf listing accept "${connected.name}" --all; ` +
          `wharf shop push-stock "${connected.name}" on`,
      );
    });
}

/** Values as typed on the command line; those of secrets are never printed again. */
async function readGiven(options: Options): Promise<Record<string, string>> {
  const pairs = options.set.map((text) => parsePair(text, '--set'));
  for (const text of options.secretFromEnv) {
    const [key, variable] = parsePair(text, '--secret-from-env');
    // oxlint-disable-next-line node/no-process-env -- the person names the variable; it is no setting of the program
    const value = process.env[variable];
    if (value === undefined || value === '') {
      throw invalidField('--secret-from-env', 'input.variable_not_set', `the variable ${variable} is not set`);
    }
    pairs.push([key, value]);
  }
  if (options.secretFromStdin !== undefined) {
    pairs.push([options.secretFromStdin, (await readAll(process.stdin)).replace(/\r?\n$/, '')]);
  }
  return Object.fromEntries(pairs);
}

/** Text into what the connector's schema wants where that is no text. */
function typed(connector: AnyConnector, given: Readonly<Record<string, string>>): Record<string, unknown> {
  const types = new Map(settingFields(connector).map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const type = types.get(name);
      if (type === 'boolean' && (value === 'true' || value === 'false')) return [name, value === 'true'];
      if ((type === 'number' || type === 'integer') && /^-?\d+(\.\d+)?$/.test(value)) return [name, Number(value)];
      return [name, value];
    }),
  );
}

/** The channel's locations, stored; empty where it does not count by location. */
export async function readLocations(desk: Desk, session: ShopSession) {
  const { deps, change, look } = desk;
  const { shopId } = session.shop;
  const listed = await session.connector.stock?.listLocations?.(
    session.io(AbortSignal.timeout(callTimeoutMs), deps.clock.now()),
  );
  if (listed !== undefined) await change((ctx) => storeLocations(ctx, shopId, listed));
  return look((db) => listLocations(db, shopId));
}

/** The shop is connected by now: what else the channel refuses is said, and does not undo it. */
async function orLater<Result>(work: Promise<Result>, next: string): Promise<Result | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ChannelFault) return `not now (${error.message}); ${next}`;
    throw error;
  }
}

/** Who registers the webhook: the shop's lane where the channel allows it (inbound/register-webhooks.ts), else a person. */
function webhookNotice({ webhooks }: AnyConnector, path: string): string {
  if (webhooks === undefined) return 'this channel has none; it is polled';
  if (webhooks.register === undefined) return `register this path at the channel, behind the public address: ${path}`;
  return 'the running hub registers it';
}
