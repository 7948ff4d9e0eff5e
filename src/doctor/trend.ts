import type { Sample } from './read-samples.ts';

export type Trend = {
  /** Rows a minute by which the backlog grew (negative: shrank) since the first sample; null with none old enough. */
  readonly growthPerMinute: number | null;
  /** Null where inflow is not known. */
  readonly drainPerMinute: number | null;
  /** For how long each sample has been above the one before; 0 where the last was not. */
  readonly growingMinutes: number;
  /** At the present pace; null where it does not shrink, or nothing waits. */
  readonly minutesToEmpty: number | null;
  readonly direction: 'empty' | 'shrinking' | 'steady' | 'growing' | 'pace not known yet';
};

/** A sample must be this old before a pace is worked out from it. */
const spanMinutesMin = 1;
/** Less than this a minute is noise. */
const steadyWithin = 1;

/**
 * The pace of one backlog: what waits now against the oldest sample of the window. `inflowPerMinute` is what came in within the
 * window, null where it is not counted; what was drained is inflow less growth.
 */
export function findTrend(
  work: string,
  now: { readonly at: Date; readonly waiting: number },
  samples: readonly Sample[],
  inflowPerMinute: number | null,
): Trend {
  const own = samples.filter((sample) => sample.work === work);
  const [first] = own;
  const minutes = first === undefined ? 0 : (now.at.getTime() - first.at.getTime()) / 60_000;
  if (first === undefined || minutes < spanMinutesMin) {
    const direction = now.waiting === 0 ? 'empty' : 'pace not known yet';
    return { growthPerMinute: null, drainPerMinute: null, growingMinutes: 0, minutesToEmpty: null, direction };
  }
  const growthPerMinute = (now.waiting - first.waiting) / minutes;
  return {
    growthPerMinute,
    drainPerMinute: inflowPerMinute === null ? null : Math.max(0, inflowPerMinute - growthPerMinute),
    growingMinutes: growingFor(now, own),
    minutesToEmpty: growthPerMinute < 0 && now.waiting > 0 ? now.waiting / -growthPerMinute : null,
    direction: directionOf(now.waiting, growthPerMinute),
  };
}

function directionOf(waiting: number, growthPerMinute: number): Trend['direction'] {
  if (waiting === 0) return 'empty';
  if (growthPerMinute > steadyWithin) return 'growing';
  return growthPerMinute < -steadyWithin ? 'shrinking' : 'steady';
}

function growingFor(now: { readonly at: Date; readonly waiting: number }, samples: readonly Sample[]): number {
  let since = now;
  for (const sample of samples.toReversed()) {
    const isSampledNow = since === now && sample.waiting === now.waiting;
    if (sample.waiting >= since.waiting && !isSampledNow) break;
    since = sample;
  }
  return (now.at.getTime() - since.at.getTime()) / 60_000;
}
