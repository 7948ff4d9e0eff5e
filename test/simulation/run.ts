import type { Database } from '../../src/platform/db/index.ts';
import type { Chance } from './chance.ts';
import type { StockModel } from './checks/stock-model.ts';
import type { VirtualClock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Machine } from './process.ts';
import type { Letter, Post } from './post.ts';
import type { RunLog } from './run-log.ts';
import type { Ground, LaneKindsOf, Server, SimWorker } from './staff.ts';
import type { Goods, SimShop } from './world.ts';

/** Everything of one run. */
export type Run = {
  readonly chance: Chance;
  readonly clock: VirtualClock;
  readonly machine: Machine;
  readonly faults: Faults;
  readonly log: RunLog;
  readonly ground: Ground;
  readonly lanesOf: LaneKindsOf;
  /** The database as people use it: no door, no faults. */
  readonly database: Database;
  readonly goods: Goods;
  readonly shops: readonly SimShop[];
  readonly workers: SimWorker[];
  readonly servers: Server[];
  readonly post: Post;
  /** Lanes rung for after commits, not yet answered. */
  readonly rings: string[];
  readonly model: StockModel;
  /** Webhooks that the channel was told are stored: `shop id/dedupe key`. */
  readonly acknowledged: Set<string>;
  /** How many processes were booted, for their names. */
  booted: number;
  /** Hands a webhook to a server and waits for its answer. */
  deliverNow(letter: Letter): Promise<void>;
  /** Something that must not be: told at the end of the step. */
  readonly violations: string[];
};

/** What one action did, in a few words that are the same for the same seed. */
export type Action = (run: Run) => Promise<string>;
