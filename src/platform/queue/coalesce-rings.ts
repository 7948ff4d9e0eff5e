import type { Log } from '../log/index.ts';
import type { Doorbell } from './doorbell.ts';

const closeWaitMsMax = 2_000;

/**
 * At most one ring a lane every `windowMs` from this process: the first goes out at once, and one more at the end of the
 * window when there were others in it, so that work committed late in the window is rung for too.
 */
export function coalesceRings(
  doorbell: Pick<Doorbell, 'add'>,
  windowMs: number,
  log: Log,
): { ring(lane: string): void; close(): Promise<void> } {
  const windows = new Map<string, { timer: NodeJS.Timeout; hasMore: boolean }>();
  const adding = new Set<Promise<void>>();
  let isClosed = false;

  const send = (lane: string): void => {
    const sent = Promise.resolve()
      .then(() => doorbell.add(lane))
      .catch((error: unknown) => log.warn({ lane, error }, 'a ring was lost; the sweep will find the work'))
      .finally(() => adding.delete(sent));
    adding.add(sent);
  };
  const open = (lane: string): void => {
    send(lane);
    const timer = setTimeout(() => {
      const hadMore = windows.get(lane)?.hasMore === true;
      windows.delete(lane);
      if (hadMore) open(lane);
    }, windowMs);
    timer.unref();
    windows.set(lane, { timer, hasMore: false });
  };
  return {
    ring(lane) {
      if (isClosed) return;
      const window = windows.get(lane);
      if (window === undefined) open(lane);
      else window.hasMore = true;
    },
    async close() {
      isClosed = true;
      for (const [lane, { timer, hasMore }] of windows) {
        clearTimeout(timer);
        if (hasMore) send(lane);
      }
      windows.clear();
      const late = new Promise<void>((resolve) => setTimeout(resolve, closeWaitMsMax).unref());
      await Promise.race([Promise.all(adding), late]);
    },
  };
}
