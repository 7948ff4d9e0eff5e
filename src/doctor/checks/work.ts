import { backlogSmall, backlogWindowMs, countedMax, figuresShopsMax } from '../../../config/defaults.ts';
import { clockOf, type Database } from '../../platform/db/index.ts';
import { listLanes, type LaneRow } from '../../platform/queue/index.ts';
import { readWaiting, waitingOfShops, works, type ShopWaiting, type Waiting } from '../backlog.ts';
import { bad, ok, unknown, warn, type DoctorCheck, type Finding } from '../finding.ts';
import { countReceived, countReceivedByShop, readMadeAt, readShopFigures } from '../queries.ts';
import { readSamples, type Sample } from '../read-samples.ts';
import { findTrend, type Trend } from '../trend.ts';
import { counted, since, span } from '../words.ts';

const sampledWithinMs = 180_000;
/** From the making of a database on, whoever works on it first has so long to begin. */
const beginWithinMs = 120_000;
/** A backlog that is this old is late whatever its pace. */
const lateMs = 600_000;

export type WorkFacts = {
  readonly now: Date;
  /** Null where the database does not say. */
  readonly madeAt: Date | null;
  readonly sampledAt: Date | null;
  readonly lanes: readonly LaneRow[];
};

/** Whether anybody works: a worker writes a sample when it begins, and each minute. */
export function workersCheck(database: Database): DoctorCheck {
  return {
    name: 'workers',
    title: 'Workers and lanes',
    async run() {
      const found = await database.read(async (db) => {
        const now = await clockOf(db);
        const samples = await readSamples(db, new Date(now.getTime() - 86_400_000));
        return {
          now,
          sampledAt: newestOf(samples.map(({ at }) => at)),
          madeAt: await readMadeAt(db),
          lanes: await listLanes(db, now),
        };
      });
      return judgeLanes(found);
    },
  };
}

function newestOf(times: readonly (Date | null)[]): Date | null {
  return times.reduce((last, at) => (at !== null && (last === null || at > last) ? at : last), null);
}

export function judgeLanes({ now, madeAt, sampledAt, lanes }: WorkFacts): Finding[] {
  const seenAt = newestOf([sampledAt, ...lanes.map(({ drainedAt }) => drainedAt)]);
  const findings = judgePresence(now, madeAt, seenAt);
  for (const lane of lanes) {
    if (lane.isPaused)
      findings.push(warn('is paused', 'Resume it, or confirm the recovery that paused it.', lane.name));
    else if (lane.failures > 0) {
      const found = `failed ${lane.failures} times in a row: ${lane.lastError ?? 'unknown'}`;
      findings.push((lane.failures >= 5 ? bad : warn)(found, 'Look at the log of the worker at that time.', lane.name));
    }
  }
  if (findings.length > 0) return findings;
  return [ok(`at work, last seen ${since(seenAt, now)}; ${counted(lanes.length, 'lane')}, none paused or failing`)];
}

function judgePresence(now: Date, madeAt: Date | null, seenAt: Date | null): Finding[] {
  if (seenAt !== null && now.getTime() - seenAt.getTime() <= sampledWithinMs) return [];
  if (seenAt === null && madeAt !== null && now.getTime() - madeAt.getTime() <= beginWithinMs) {
    const found = `the database was made ${since(madeAt, now)}, and nobody has worked on it yet`;
    return [unknown(found, 'Look again in a minute; if nobody works then: npm start, or: wharf worker')];
  }
  const found =
    seenAt === null
      ? 'nobody has worked within a day'
      : `nobody has worked for ${span(now.getTime() - seenAt.getTime())}`;
  return [bad(`${found}: no order is taken in, nothing is told`, 'npm start, or: wharf worker')];
}

/** What waits against how fast it is drained: a finding each kind of work that waits. */
export function backlogCheck(database: Database): DoctorCheck {
  return {
    name: 'backlog',
    title: 'Backlog against drain',
    async run() {
      return database.read(async (db) => {
        const now = await clockOf(db);
        const from = new Date(now.getTime() - backlogWindowMs);
        const samples = await readSamples(db, from);
        const minutes = backlogWindowMs / 60_000;
        const inflow = (await countReceived(db, from)) / minutes;
        const waiting = (await readWaiting(db)).filter((each) => each.waiting > 0);
        if (waiting.length === 0) return [ok(`nothing waits; ${perMinute(inflow)} messages a minute came in`)];
        const received = await countReceivedByShop(db, from);
        const ofShops = waitingOfShops(await readShopFigures(db, figuresShopsMax)).map((each) =>
          judgeShopBacklog(each, now, samples, (received.get(each.shopId) ?? 0) / minutes),
        );
        return [
          ...waiting.map((each) => judgeBacklog(each, now, samples, each.work === 'inbox' ? inflow : null)),
          ...ofShops.flatMap((finding) => finding ?? []),
        ];
      });
    },
  };
}

export function judgeBacklog(
  { work, waiting, oldestAt }: Waiting,
  now: Date,
  samples: readonly Sample[],
  inflowPerMinute: number | null,
): Finding {
  const trend = findTrend(work, { at: now, waiting }, samples, inflowPerMinute);
  const ageMs = oldestAt === null ? 0 : now.getTime() - oldestAt.getTime();
  const facts = backlogWords(waiting, oldestAt === null ? null : ageMs, trend, inflowPerMinute);
  const isGrowing = trend.direction === 'growing' && waiting > backlogSmall;
  const isLate = ageMs > lateMs && trend.direction !== 'shrinking';
  const step =
    works[work] === 'outbound'
      ? 'Look at the shops above: a slow or refusing channel holds its own lane. wharf shop list'
      : 'Start another worker (wharf worker), and look at failing lanes above.';
  if (isGrowing && isLate) return bad(facts, step, work);
  return isGrowing || isLate ? warn(facts, step, work) : ok(facts, work);
}

/** What waits of one shop, where that is much or old: the others of its kind need not be late. */
function judgeShopBacklog(
  { key, work, shopName, waiting, oldestAt }: ShopWaiting,
  now: Date,
  samples: readonly Sample[],
  receivedPerMinute: number,
): Finding | null {
  const inflow = work === 'inbox' ? receivedPerMinute : null;
  const trend = findTrend(key, { at: now, waiting }, samples, inflow);
  const ageMs = oldestAt === null ? 0 : now.getTime() - oldestAt.getTime();
  if (waiting <= backlogSmall && ageMs <= lateMs) return null;
  const facts = backlogWords(waiting, oldestAt === null ? null : ageMs, trend, inflow);
  const subject = `${work} of ${shopName}`;
  if (trend.direction === 'shrinking') return ok(facts, subject);
  return warn(facts, `It waits in the lane of this shop alone: wharf shop show "${shopName}"`, subject);
}

function backlogWords(waiting: number, ageMs: number | null, trend: Trend, inflowPerMinute: number | null): string {
  return [
    `${waiting >= countedMax ? `${countedMax} or more` : waiting} wait`,
    ...(ageMs === null ? [] : [`the oldest for ${span(ageMs)}`]),
    ...(inflowPerMinute === null ? [] : [`${perMinute(inflowPerMinute)} a minute came in`]),
    ...(trend.drainPerMinute === null ? [] : [`${perMinute(trend.drainPerMinute)} a minute were drained`]),
    ...paceWords(trend),
  ].join(', ');
}

function paceWords({ direction, growingMinutes, minutesToEmpty }: Trend): string[] {
  if (minutesToEmpty !== null) return [direction, `empty in ${span(minutesToEmpty * 60_000)}`];
  if (direction !== 'growing') return [direction];
  const since = growingMinutes < 1 ? '' : ` for ${span(growingMinutes * 60_000)}`;
  return [`growing${since}`, 'never empty at this pace'];
}

function perMinute(rate: number): string {
  return rate >= 10 || rate === 0 ? String(Math.round(rate)) : rate.toFixed(1);
}
