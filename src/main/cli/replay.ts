import type { Command } from 'commander';
import { everything, findReplayable, replayStates, type Replayable, type ReplayFilter } from '../../inbound/index.ts';
import { parseId } from '../../kernel/index.ts';
import { findShop } from './find.ts';
import { inHub, type Desk } from './in-hub.ts';
import { parseChoice, parseCount, parseTime } from './input.ts';
import { printJson, printOne, printRows, wantsJson } from './print.ts';
import { replayDone, replayParked, type Replayed } from './replay-events.ts';
import { subCommand } from './sub-command.ts';

type Options = {
  shop?: string;
  state: string;
  cause?: string;
  topic?: string;
  order?: string;
  since?: string;
  until?: string;
  limit: string;
  dryRun?: boolean;
};

export function replayCommand(): Command {
  return subCommand(
    'replay [event...]',
    'send messages of channels through again: parked ones, or applied ones after a connector was corrected',
    'replay --dry-run',
    'replay --shop "Demo shop" --cause channel.unknown_code',
    'replay --state done --since 2026-11-01 --limit 500 --dry-run',
  )
    .option('--shop <shop>', 'only those of one shop')
    .option('--state <state>', 'parked, done (applied, or outdone by a newer document) or any', 'parked')
    .option('--cause <code>', 'only parked ones with this cause; wharf doctor counts them')
    .option('--topic <topic>', 'order, order_notice, listing, stock or unreadable')
    .option('--order <id>', "only those of one order, by the channel's id of it")
    .option('--since <time>', 'received at or after')
    .option('--until <time>', 'received before')
    .option('--limit <count>', 'at most so many, oldest first', '1000')
    .option('--dry-run', 'only count what would be replayed')
    .action(async (ids: string[], options: Options, command: Command) => {
      await inHub(async (desk) => {
        const filter = await readFilter(desk, ids, options);
        const found = await desk.look((db) => findReplayable(db, filter));
        if (options.dryRun === true) return printOne(command, countsOf(found));
        const say = (line: string): void => void (wantsJson(command) || console.error(line));
        const replayed = [...(await replayParked(desk, found, say)), ...(await replayDone(desk, found, say))];
        printOutcomes(command, found, replayed);
        if (replayed.some(({ outcome }) => outcome === 'failed' || outcome === 'parked')) process.exitCode = 1;
      });
    });
}

async function readFilter({ look }: Desk, ids: readonly string[], options: Options): Promise<ReplayFilter> {
  const state = parseChoice(options.state, replayStates, '--state');
  return {
    ...everything,
    // Ids name their messages, whatever state they are in.
    state: ids.length > 0 ? 'any' : state,
    eventIds: ids.length > 0 ? ids.map((id, index) => parseId<'inbox_event'>(id, `event ${index + 1}`)) : null,
    shopId: options.shop === undefined ? null : (await look((db) => findShop(db, options.shop ?? ''))).shopId,
    causeCode: options.cause ?? null,
    topic: options.topic ?? null,
    externalId: options.order ?? null,
    since: options.since === undefined ? null : parseTime(options.since, '--since'),
    until: options.until === undefined ? null : parseTime(options.until, '--until'),
    limit: parseCount(options.limit, '--limit'),
  };
}

function countsOf(found: readonly Replayable[]): Record<string, number> {
  const count = (means: Replayable['means']): number => found.filter((each) => each.means === means).length;
  return {
    matched: found.length,
    ready: count('ready'),
    'bytes gone': count('body_gone'),
    'no document': count('no_document'),
    'still waiting': count('waiting'),
  };
}

function printOutcomes(command: Command, found: readonly Replayable[], replayed: readonly Replayed[]): void {
  const outcomeOf = new Map(replayed.map((each) => [each.eventId, each]));
  const lines = found.map((event) => {
    const { outcome = event.means, cause = null } = outcomeOf.get(event.eventId) ?? {};
    return { ...event, outcome, cause };
  });
  if (wantsJson(command)) return printJson({ counts: countsOf(found), events: lines });
  printRows(command, lines, [
    { title: 'EVENT', of: (line) => line.eventId },
    { title: 'ORDER', of: (line) => line.externalId },
    { title: 'RECEIVED', of: (line) => line.receivedAt },
    { title: 'WAS', of: (line) => line.state },
    { title: 'OUTCOME', of: (line) => line.outcome },
    { title: 'CAUSE', of: (line) => causeText(line.cause) },
  ]);
}

function causeText(cause: Readonly<Record<string, unknown>> | null): string | null {
  if (cause === null) return null;
  return typeof cause['code'] === 'string' ? cause['code'] : JSON.stringify(cause);
}
