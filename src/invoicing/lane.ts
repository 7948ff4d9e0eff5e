import type { Keyring } from '../platform/crypto/index.ts';
import type { Database } from '../platform/db/index.ts';
import type { LaneKind } from '../platform/queue/index.ts';
import { invoicingLane } from './lane-name.ts';
import { hasDueRequests } from './locks.ts';
import { numberInvoices } from './numbering/number-invoices.ts';

const documentsPerPassMax = 200;

/** Requests into numbered documents. */
export function invoicingLaneKind(deps: { readonly database: Database; readonly keyring: Keyring }): LaneKind {
  return {
    kind: invoicingLane,
    due: async (db) => ((await hasDueRequests(db)) ? [invoicingLane] : []),
    async drain(_name, lease) {
      const { more } = await deps.database.transact({ actor: { kind: 'system', id: lease.lane } }, async (ctx) => {
        await lease.guard(ctx);
        return numberInvoices(ctx, deps, documentsPerPassMax);
      });
      return more ? 'more' : 'empty';
    },
  };
}
