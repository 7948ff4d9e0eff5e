import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { expectInboxSound } from '../../test/support/factories/inbound-world.ts';
import { openReplayWorld, type ReplayWorld } from '../../test/support/factories/replay-world.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import { newId } from '../kernel/index.ts';
import { createApp } from '../platform/http/index.ts';
import { inboxRoutes } from './index.ts';

const database = useDatabase();
let world: ReplayWorld;

beforeEach(async () => {
  world = await openReplayWorld(database);
});

/** Asks this hub, whose connector was corrected; the token says its own scopes. */
async function replay(
  body: Record<string, unknown>,
  scopes = 'orders:write',
): Promise<{ status: number; body: unknown }> {
  const app = createApp({
    database,
    log: quietLog,
    authenticate: async (token) => ({ kind: 'token', id: newId(), name: 'test', scopes: token.split(',') }),
  });
  app.route('/api/v1', inboxRoutes({ ...world.deps, connectors: new Map([['plain', world.cured]]) }));
  const answer = await app.request('/api/v1/inbox/replay', {
    method: 'POST',
    headers: { authorization: `Bearer ${scopes}`, 'content-type': 'application/json' },
    body: JSON.stringify({ shopId: world.shopId, ...body }),
  });
  return { status: answer.status, body: await answer.json() };
}

const nothing = { matched: 0, replayed: 0, bodiesGone: [], withoutDocument: 0, outcomes: [] };

describe('POST /inbox/replay', () => {
  it('counts, and changes nothing, with dryRun', async () => {
    await world.park('1');
    expect(await replay({ dryRun: true })).toEqual({ status: 200, body: { ...nothing, matched: 1 } });
    expect(await world.events()).toEqual({ parked: 1 });
  });

  it('sends parked messages through again: those of a cause, an order or a time, and no applied one', async () => {
    const [first] = [await world.park('1'), await world.park('2'), await world.apply('a')];
    for (const filter of [{ causeCode: 'other' }, { topic: 'listing' }, { until: '2020-01-01T00:00:00Z' }]) {
      expect(await replay(filter)).toMatchObject({ body: nothing });
    }
    const one = { causeCode: 'channel.unknown_code', since: '2020-01-01T00:00:00+02:00', externalId: 'hard-1' };
    expect(await replay(one)).toMatchObject({ body: { matched: 1, replayed: 1 } });
    expect(await world.events()).toEqual({ applied: 1, parked: 1, pending: 1 });
    await world.drain();
    expect((await world.orders()).map(({ externalId }) => externalId)).toEqual(['a', 'hard-1']);
    // What stands is named by its id, whatever its state: parked ones are sent, applied ones translated.
    expect(await replay({ eventIds: [first] })).toMatchObject({
      body: { matched: 1, replayed: 0, outcomes: [{ eventId: first, outcome: 'changed' }] },
    });
    expect(await replay({})).toMatchObject({ body: { matched: 1, replayed: 1, outcomes: [] } });
    await expectInboxSound(database);
  });

  it('translates applied ones again with state done, and leaves parked ones', async () => {
    const [applied, parked] = [await world.apply('a'), await world.park('1')];
    const answer = await replay({ state: 'done' });
    expect(answer.body).toEqual({
      ...nothing,
      matched: 1,
      outcomes: [{ eventId: applied, outcome: 'changed', cause: null }],
    });
    expect(await world.corrected()).toEqual(['a']);
    expect(await replay({ eventIds: [parked], state: 'done' })).toMatchObject({ body: nothing });
    expect(await world.events()).toEqual({ applied: 1, parked: 1 });
    await expectInboxSound(database);
  });

  it('names messages whose bytes are gone, and leaves them as they are', async () => {
    const ids = [await world.apply('a'), await world.park('1')];
    for (const id of ids) await world.deleteBytes(id);
    const answer = await replay({ state: 'any' });
    expect(answer.body).toEqual({ ...nothing, matched: 2, bodiesGone: ids });
    expect(await world.events()).toEqual({ applied: 1, parked: 1 });
  });

  it('needs the scope to write orders, and says what is wrong with a filter', async () => {
    expect(await replay({}, 'orders:read')).toMatchObject({ status: 403 });
    expect(await replay({ since: 'yesterday' })).toMatchObject({ status: 400 });
    expect(await replay({ eventIds: ['1'] })).toMatchObject({ status: 400 });
  });
});
