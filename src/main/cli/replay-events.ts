import { openShop } from '../../channels/index.ts';
import {
  drainInbox,
  everything,
  findReplayable,
  getInboxEvents,
  replayInbox,
  translateAgain,
  translatedAgainMax,
  type Replayable,
} from '../../inbound/index.ts';
import { groupBy, type InboxEventId } from '../../kernel/index.ts';
import type { Desk } from './in-hub.ts';

export type Replayed = {
  readonly eventId: InboxEventId;
  readonly outcome: string;
  readonly cause: Readonly<Record<string, unknown>> | null;
};

type Say = (line: string) => void;

const batchMax = 500;
const waitMsMax = 60_000;

/** Sends the parked ones through again and drains them here, beside any worker, until none of them waits. */
export async function replayParked(desk: Desk, found: readonly Replayable[], say: Say): Promise<Replayed[]> {
  const ready = found.filter(({ state, means }) => state === 'parked' && means === 'ready');
  for (let at = 0; at < ready.length; at += batchMax) {
    const eventIds = ready.slice(at, at + batchMax).map(({ eventId }) => eventId);
    await desk.change((ctx) => replayInbox(ctx, { ...everything, eventIds, limit: batchMax }));
    say(`${Math.min(at + batchMax, ready.length)} of ${ready.length} parked messages sent through again`);
  }
  const ids = ready.map(({ eventId }) => eventId);
  await drainAll(desk, [...new Set(ready.map(({ shopId }) => shopId))], ids, say);
  return ids.length === 0 ? [] : desk.look((db) => getInboxEvents(db, ids));
}

async function drainAll(
  desk: Desk,
  shopIds: readonly Replayable['shopId'][],
  ids: readonly InboxEventId[],
  say: Say,
): Promise<void> {
  if (ids.length === 0) return;
  const deadline = Date.now() + waitMsMax;
  for (;;) {
    const { claimed } = await drainInbox(desk.deps, shopIds);
    const left = await desk.look(async (db) =>
      (await findReplayable(db, { ...everything, state: 'any', eventIds: ids, limit: ids.length })).filter(
        ({ means }) => means === 'waiting',
      ),
    );
    if (left.length === 0 || (claimed === 0 && Date.now() > deadline)) return;
    say(`${left.length} still to be applied`);
    // A worker holds the rest.
    if (claimed === 0) await desk.deps.clock.sleep(200);
  }
}

/** Translates again what was applied, a batch a transaction, a shop after the other. */
export async function replayDone(desk: Desk, found: readonly Replayable[], say: Say): Promise<Replayed[]> {
  const ready = found.filter(({ state, means }) => state !== 'parked' && means === 'ready');
  const replayed: Replayed[] = [];
  for (const [shopId, events] of groupBy(ready, (event) => event.shopId)) {
    const session = await desk.look((db) => openShop(db, desk.deps, shopId));
    for (let at = 0; at < events.length; at += translatedAgainMax) {
      const ids = events.slice(at, at + translatedAgainMax).map(({ eventId }) => eventId);
      replayed.push(...(await desk.change((ctx) => translateAgain(ctx, desk.deps, session, ids))));
      say(`${replayed.length} of ${ready.length} messages translated again`);
    }
  }
  return replayed;
}
