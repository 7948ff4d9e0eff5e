import type { Env } from '../../../config/env.ts';
import type { ShopDeps } from '../../channels/index.ts';
import type { AnyDb, Ctx } from '../../platform/db/index.ts';
import { withNextStep } from './next-step.ts';
import { cliActor, withHub } from './with-hub.ts';

/** What a data command works with. */
export type Desk = {
  readonly deps: ShopDeps;
  readonly env: Env;
  /** Reads on the reading side. */
  look<Result>(work: (db: AnyDb) => Promise<Result>): Promise<Result>;
  /** One transaction as the person at the terminal. */
  change<Result>(work: (ctx: Ctx) => Promise<Result>): Promise<Result>;
};

/** Opens the hub for one data command. A fault leaves with its next step. */
export async function inHub<Result>(work: (desk: Desk) => Promise<Result>): Promise<Result> {
  try {
    return await withHub(({ deps }, env) =>
      work({
        deps,
        env,
        look: (read) => deps.database.read(read),
        change: (write) => deps.database.transact({ actor: cliActor }, write),
      }),
    );
  } catch (error) {
    throw withNextStep(error);
  }
}
