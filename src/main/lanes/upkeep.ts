import type { ShopDeps } from '../../channels/index.ts';
import { deleteOldBodies } from '../../inbound/index.ts';
import { onBehalf } from '../../platform/db/index.ts';
import { pruneIdempotencyKeys } from '../../platform/http/index.ts';
import type { Schedule } from '../../platform/queue/index.ts';

/** What keeps tables small, hourly: raw bodies past their term and old idempotency keys, a batch a transaction. */
export function upkeep(deps: ShopDeps): Schedule {
  return {
    name: 'upkeep',
    cron: '17 * * * *',
    async run(lease) {
      let deleted = Number.POSITIVE_INFINITY;
      while (deleted > 0) {
        deleted = await deps.database.transact({ actor: { kind: 'system', id: 'upkeep' } }, async (ctx) => {
          await lease.guard(ctx);
          const inner = onBehalf(ctx, 'upkeep');
          return (await deleteOldBodies(inner)) + (await pruneIdempotencyKeys(inner)).deleted;
        });
      }
    },
  };
}
