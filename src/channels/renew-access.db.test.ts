import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { newSignal } from '../../test/support/lane-work.ts';
import { sandboxLeaseMs, useSandboxShop, type SandboxWorld } from '../../test/support/factories/sandbox-world.ts';
import { ChannelFault } from '../connector-kit/index.ts';
import { manualClock } from '../kernel/index.ts';
import { firstRow } from '../platform/db/index.ts';
import { breakerOpensAt } from './health-policy.ts';
import {
  changeShop,
  getShop,
  readHealth,
  recordShopFault,
  recordShopSuccess,
  renewingAccess,
  type LaneStep,
  type ShopChange,
  type ShopHealth,
} from './index.ts';
import { asRecord } from './shop-settings.ts';

const bench = useSandboxShop('masked');
const { clock, database } = bench;
const untilDueMs = 3.5 * 3_600_000;
let world: SandboxWorld;
let called: unknown[];

beforeEach(async () => {
  world = await bench.open();
  called = [];
});

/** Asks the shop for its name, once a drain at most, and writes down what came of it. */
const call: LaneStep = async (deps, session, _lease, signal) => {
  const outcome = await session.connector.check(session.io(signal, deps.clock.now())).catch((error: unknown) => error);
  await database.run(async (ctx) => {
    if (outcome instanceof ChannelFault) await recordShopFault(ctx, world.shopId, outcome);
    else await recordShopSuccess(ctx, world.shopId, 'call');
  });
  called.push(outcome instanceof ChannelFault ? outcome.kind : asRecord(session.settings)['accessToken']);
  return { didWork: false };
};

const step = renewingAccess(call);
const drain = (): Promise<void> => world.drain(step);
const stored = async (): Promise<unknown> => (await world.session()).settings;
const health = (): Promise<ShopHealth> => database.read((db) => readHealth(db, world.shopId));
const renewals = (): number => world.shop.journal().filter(({ kind }) => kind === 'token_refreshed').length;
const isRenewal = ({ url }: Request): boolean => new URL(url).pathname.endsWith('/oauth/token');

async function endPause(): Promise<void> {
  const { pausedUntil } = await health();
  clock.advance((pausedUntil ?? expect.fail('the shop is not paused')).getTime() - clock.now().getTime());
}

async function change(given: Partial<ShopChange>): Promise<void> {
  const { version } = await database.read((db) => getShop(db, world.shopId));
  await database.run((ctx) => changeShop(ctx, bench.deps(), { shopId: world.shopId, version, ...given }));
}

/** What is done while the shop's answer to the next renewal is on its way. */
function duringRenewal(work: () => Promise<void>): void {
  world.onAnswer = async (request, answer) => {
    if (isRenewal(request)) {
      world.onAnswer = (_, later) => Promise.resolve(later);
      await work();
    }
    return answer;
  };
}

/** The shop's access was renewed by somebody else, who uses it: what the hub has is spent. */
async function spendElsewhere(): Promise<void> {
  const { connector, io } = await world.session();
  const at = io(new AbortController().signal, clock.now());
  const settings = await connector.renewal?.renew(at);
  await connector.check({ ...at, settings });
}

describe('access that ends by itself', () => {
  it('is left alone while it lasts', async () => {
    clock.advance(untilDueMs - 1);
    await drain();
    expect(called).toHaveLength(1);
    expect(renewals()).toBe(0);
  });

  it('is renewed once when it is due, stored sealed, and used from then on', async () => {
    const before = await stored();
    clock.advance(untilDueMs);
    await drain();
    await drain();
    expect(renewals()).toBe(1);
    const granted = world.granted();
    expect(granted['accessToken']).not.toBe(asRecord(before)['accessToken']);
    expect(await stored()).toEqual(granted);
    expect(called).toEqual([granted['accessToken'], granted['accessToken']]);
    const row = await database.read((db) =>
      firstRow<{ settings: unknown; secrets: Uint8Array; whole: string }>(
        db,
        sql`select settings, secrets, s::text as whole from shops s where id = ${world.shopId}`,
      ),
    );
    const { baseUrl, appKey, tokenExpiresAt } = granted;
    expect(row?.settings).toEqual({ baseUrl, appKey, tokenExpiresAt });
    for (const name of ['accessToken', 'refreshToken', 'appSecret']) {
      const value = String(granted[name]);
      expect(row?.whole).not.toContain(value);
      expect(Buffer.from(row?.secrets ?? []).includes(value)).toBe(false);
    }
  });

  it('is renewed when it has ended, and when it was refused before its time', async () => {
    clock.advance(5 * 3_600_000);
    await drain();
    expect(called).toEqual([world.granted()['accessToken']]);
    Object.assign(world.shop.state, { grant: { ...world.shop.state.grant, accessToken: 'access-revoked' } });
    await drain();
    expect(await health()).toMatchObject({ failures: 1, lastFault: 'unauthorised' });
    expect(await world.exceptions()).toEqual(['shop.unauthorised']);
    await endPause();
    await drain();
    expect(called.slice(1)).toEqual(['unauthorised', world.granted()['accessToken']]);
    expect(await health()).toMatchObject({ failures: 0 });
    expect(await world.exceptions()).toEqual([]);
    expect(renewals()).toBe(2);
  });

  it('whose renewal was answered and the answer lost is asked for again, and is the same', async () => {
    const before = await stored();
    clock.advance(untilDueMs);
    world.shop.setFaults({ loseAnswers: 1 });
    await drain();
    expect(await stored()).toEqual(before);
    expect(await health()).toMatchObject({ failures: 1, lastFault: 'outcome_unknown' });
    expect(called).toEqual([]);
    await endPause();
    await drain();
    expect(await stored()).toEqual(world.granted());
    expect(called).toEqual([world.granted()['accessToken']]);
    expect(renewals()).toBe(1);
    expect(await health()).toMatchObject({ failures: 0 });
  });

  it('that is renewed again and again to no avail counts as a shop that fails, all the while', async () => {
    world.onAnswer = async (request, answer) => (isRenewal(request) ? answer : new Response('{}', { status: 401 }));
    for (let pass = 1; pass <= breakerOpensAt; pass += 1) {
      await drain();
      expect(await health()).toMatchObject({ failures: pass, lastFault: 'unauthorised' });
      expect(await world.exceptions()).toEqual(['shop.unauthorised']);
      await endPause();
    }
    expect(renewals()).toBe(breakerOpensAt - 1);
    world.onAnswer = (_, answer) => Promise.resolve(answer);
    await drain();
    expect(await health()).toMatchObject({ failures: 0 });
    expect(await world.exceptions()).toEqual([]);
  });
});

describe('two workers', () => {
  it('that come at once renew once', async () => {
    clock.advance(untilDueMs);
    await Promise.all([drain(), drain()]);
    expect(renewals()).toBe(1);
    expect(await stored()).toEqual(world.granted());
  });

  it('of which one is frozen past its lease get the same access, and the late one writes nothing', async () => {
    clock.advance(untilDueMs);
    const asked = newSignal();
    const thawed = newSignal();
    duringRenewal(() => {
      asked.resolve();
      return thawed.promise;
    });
    const frozen = world.drain(step, manualClock(clock.now()));
    await asked.promise;
    clock.advance(sandboxLeaseMs);
    await drain();
    expect(renewals()).toBe(1);
    expect(await stored()).toEqual(world.granted());
    clock.advance(untilDueMs);
    await drain();
    expect(renewals()).toBe(2);
    const throttled = new ChannelFault({ kind: 'rate_limited', retryAfterMs: 60_000 });
    const { pausedUntil } = await database.run((ctx) => recordShopFault(ctx, world.shopId, throttled));
    thawed.resolve();
    await frozen;
    expect(await stored()).toEqual(world.granted());
    expect((await health()).pausedUntil).toEqual(pausedUntil);
    await endPause();
    await drain();
    expect(called.at(-1)).toBe(world.granted()['accessToken']);
    expect(await health()).toMatchObject({ failures: 0 });
  });
});

describe('what a person changes while the access is renewed', () => {
  it('stands, and so does the new access', async () => {
    clock.advance(untilDueMs);
    duringRenewal(() => change({ name: 'Renamed', settings: { appKey: '87654321' } }));
    await drain();
    expect(await stored()).toEqual({ ...world.granted(), appKey: '87654321' });
    expect(await database.read((db) => getShop(db, world.shopId))).toMatchObject({ name: 'Renamed', version: 2 });
  });

  it('stands where it is the access itself', async () => {
    clock.advance(untilDueMs);
    const tokenExpiresAt = new Date(clock.now().getTime() + 4 * 3_600_000).toISOString();
    const own = { accessToken: 'access-by-hand', refreshToken: 'refresh-by-hand', tokenExpiresAt };
    duringRenewal(() => change({ settings: own }));
    await drain();
    expect(await stored()).toMatchObject(own);
  });

  it('is not sent what another address has given', async () => {
    clock.advance(untilDueMs);
    const { accessToken, refreshToken, appSecret } = world.granted();
    const moved = { baseUrl: 'https://elsewhere.example.com', accessToken, refreshToken, appSecret };
    const urls: string[] = [];
    world.onAnswer = async ({ url }, answer) => {
      urls.push(url);
      if (url.startsWith(moved.baseUrl)) return new Response('{}', { status: 401 });
      await change({ settings: moved });
      return answer;
    };
    await drain();
    await endPause();
    await drain();
    expect(await stored()).toMatchObject(moved);
    const renewed = String(world.granted()['accessToken']);
    expect(renewed).not.toBe(accessToken);
    expect(urls.filter((url) => url.startsWith(moved.baseUrl)).length).toBeGreaterThan(0);
    expect(urls.filter((url) => url.includes(renewed))).toEqual([]);
  });
});

describe('a renewal that the shop refuses', () => {
  it('opens the shop’s exception and waits, until a person signs in again', async () => {
    await spendElsewhere();
    clock.advance(untilDueMs);
    const before = await stored();
    await drain();
    expect(called).toEqual([]);
    expect(await stored()).toEqual(before);
    const { failures, lastFault, pausedUntil } = await health();
    expect([failures, lastFault]).toEqual([1, 'unauthorised']);
    expect(pausedUntil?.getTime()).toBeGreaterThan(clock.now().getTime());
    expect(await world.exceptions()).toEqual(['shop.unauthorised']);
    await change({ settings: world.granted() });
    expect(await world.exceptions()).toEqual([]);
    await drain();
    expect(called).toEqual([world.granted()['accessToken']]);
  });
});
