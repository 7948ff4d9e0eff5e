import type { ShopDeps } from '../../channels/index.ts';
import { deleteOldBodies } from '../../inbound/index.ts';
import { forgetReceivers } from '../../invoicing/index.ts';
import { pruneDeliveries } from '../../outbound/index.ts';
import { onBehalf } from '../../platform/db/index.ts';
import { pruneIdempotencyKeys } from '../../platform/http/index.ts';
import type { Schedule } from '../../platform/queue/index.ts';
import { tellStaleReturns } from '../../returns/index.ts';

/**
 * Hourly, a batch a transaction: tells of returns that wait long, and keeps tables small (raw bodies, receivers of invoices,
 * attempts to deliver past their term, old idempotency keys).
 */
export function upkeep(deps: ShopDeps): Schedule {
  return {
    name: 'upkeep',
    cron: '17 * * * *',
    async run(lease) {
      let handled = Number.POSITIVE_INFINITY;
      while (handled > 0) {
        handled = await deps.database.transact({ actor: { kind: 'system', id: 'upkeep' } }, async (ctx) => {
          await lease.guard(ctx);
          const inner = onBehalf(ctx, 'upkeep');
          const told = await tellStaleReturns(inner);
          return (
            told +
            (await deleteOldBodies(inner)) +
            (await forgetReceivers(inner)) +
            (await pruneIdempotencyKeys(inner)).deleted +
            (await pruneDeliveries(inner))
          );
        });
      }
    },
  };
}
