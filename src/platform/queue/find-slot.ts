const minuteMs = 60_000;
/** A slot older than this is not made up for. */
const lookBackDays = 8;

/** The newest slot at or before `now`; null when there was none in eight days. */
export type SlotFinder = (now: Date) => Date | null;

/**
 * Asks `matches` for each minute once: the first call looks back eight days, later ones only at the minutes since. A clock
 * that goes back gets the newest slot it knew.
 */
export function slotFinder(matches: (minute: Date) => boolean): SlotFinder {
  let newest: Date | null = null;
  let checkedMs: number | null = null;
  return (now) => {
    const nowMs = Math.floor(now.getTime() / minuteMs) * minuteMs;
    const fromMs = Math.max(checkedMs ?? 0, nowMs - lookBackDays * 24 * 60 * minuteMs);
    for (let atMs = nowMs; atMs > fromMs; atMs -= minuteMs) {
      if (!matches(new Date(atMs))) continue;
      newest = new Date(atMs);
      break;
    }
    checkedMs = Math.max(checkedMs ?? 0, nowMs);
    return newest;
  };
}
