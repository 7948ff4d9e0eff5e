import * as defaults from '../../../config/defaults.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Database } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { cronLanes, type Schedule } from './cron-lanes.ts';
import type { Doorbell } from './doorbell.ts';
import { drainLane, type Drainer } from './drain-lane.ts';
import { queueActor } from './hold-lease.ts';
import type { LaneKind } from './lane-kind.ts';
import { laneDesk, type LaneDesk } from './lane-desk.ts';

export type WorkOptions = {
  readonly kinds: readonly LaneKind[];
  readonly schedules?: readonly Schedule[];
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics?: Metrics;
  readonly sweepIntervalMs?: number;
  readonly leaseMs?: number;
  readonly shutdownMs?: number;
};

export type Worker = {
  /** Drains the lane in this process without a job, where it has a slot to spare for it; false: somebody else is to be rung. */
  answerHere(lane: string): boolean;
  /** One sweep now; resolves when what it found, and what ran already, has been drained. For tests and commands. */
  sweep(): Promise<void>;
  /** Begins no further batch and waits for the running ones, at most `shutdownMs`; late ones are aborted. */
  close(): Promise<void>;
};

/** Rings answered at once. An answer only begins the drain: how many of those run at once is the desk's business. */
const ringsAtOnce = 4;
/** The part of the time for a shutdown after which calls are aborted; the rest is for giving the leases back. */
const abortAfterPart = 0.8;

export async function startWorker(
  doorbell: Doorbell,
  ring: (lane: string) => void,
  log: Log,
  options: WorkOptions,
): Promise<Worker> {
  const { database, clock } = options;
  const stop = new AbortController();
  const cron = cronLanes(options.schedules ?? [], { database, ring });
  const kinds = [...options.kinds, cron.kind];
  const drainer: Drainer = {
    database,
    clock,
    log,
    metrics: options.metrics ?? null,
    leaseMs: options.leaseMs ?? defaults.laneLeaseMs,
    isStopping: () => stop.signal.aborted,
    held: new Set(),
  };
  const desk = laneDesk({
    kinds,
    clock,
    drain: (kind, lane, mayGoOn) => drainLane(drainer, kind, lane, mayGoOn),
    isStopping: drainer.isStopping,
  });
  const listener = await doorbell.listen((lane) => Promise.resolve(void desk.answer(lane)), ringsAtOnce);
  const intervalMs = options.sweepIntervalMs ?? defaults.sweepIntervalMs;
  const sweeping = keepSweeping(drainer, kinds, desk, intervalMs, stop.signal).catch(() => undefined);
  cron.start();

  const finish = async (): Promise<void> => {
    await Promise.all([listener.close(), desk.settled(), sweeping, cron.stop()]);
  };
  let closing: Promise<void> | null = null;
  return {
    answerHere(lane) {
      if (!desk.hasRoom(lane)) return false;
      void desk.answer(lane);
      return true;
    },
    async sweep() {
      await sweep(drainer, kinds, desk);
      await desk.settled();
    },
    close() {
      stop.abort(new Error('the worker shuts down'));
      closing ??= closeInTime(finish(), drainer, log, options.shutdownMs ?? defaults.shutdownDrainMs);
      return closing;
    },
  };
}

async function keepSweeping(
  drainer: Drainer,
  kinds: readonly LaneKind[],
  desk: LaneDesk,
  intervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sweep(drainer, kinds, desk);
    await drainer.clock.sleep(intervalMs, signal);
  }
}

/** Looks for due work of every kind and begins to drain it, rings or no rings. One kind's failure is its own. */
async function sweep(drainer: Drainer, kinds: readonly LaneKind[], desk: LaneDesk): Promise<void> {
  for (const kind of kinds) {
    if (drainer.isStopping()) break;
    try {
      const due = await drainer.database.transact({ actor: queueActor }, (ctx) => kind.due(ctx.tx, ctx.now));
      drainer.metrics?.setDue(kind.kind, due.length);
      for (const lane of due) if (!desk.isBusy(lane)) void desk.answer(lane);
    } catch (error) {
      drainer.log.warn({ kind: kind.kind, error }, 'a sweep failed');
    }
  }
}

/** A hung call must not keep the process: BullMQ's own close never returns with a hung job. Timers are the machine's here. */
async function closeInTime(finished: Promise<void>, drainer: Drainer, log: Log, withinMs: number): Promise<void> {
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number): Promise<'late'> =>
    new Promise((resolve) => timers.push(setTimeout(() => resolve('late'), ms)));
  const inTime = finished.then(() => 'done' as const);
  try {
    if ((await Promise.race([inTime, after(withinMs * abortAfterPart)])) === 'done') return;
    for (const lease of drainer.held) lease.abort(new Error('the worker shuts down'));
    if ((await Promise.race([inTime, after(withinMs * (1 - abortAfterPart))])) === 'late') {
      log.warn({ count: drainer.held.size }, 'the worker ended with lanes still being drained; their leases run out');
    }
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
