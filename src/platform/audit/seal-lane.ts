import { sql } from 'drizzle-orm';
import { auditHeadKeptEveryMs, auditSealAfterMs, auditSealBatchMax } from '../../../config/defaults.ts';
import { rows, type Actor, type Database } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import type { LaneKind } from '../queue/index.ts';
import { keepHead } from './kept-heads.ts';
import { sealRows, type ChainHead, type SealKey } from './seal-rows.ts';

const kind = 'audit';
const sealer: Actor = { kind: 'system', id: 'audit_sealer' };

/**
 * The sealer: chains what is older than `auditSealAfterMs`, a batch a transaction, under the lease of its lane. The head is
 * kept outside of the database now and then: in `headsFile` and in the log.
 */
export function sealLane(deps: {
  readonly database: Database;
  readonly keyring: SealKey;
  readonly log: Log;
  readonly headsFile: string;
}): LaneKind {
  let keptAtMs = Number.NEGATIVE_INFINITY;
  const keep = async (head: ChainHead, now: Date): Promise<void> => {
    if (now.getTime() - keptAtMs < auditHeadKeptEveryMs) return;
    keptAtMs = now.getTime();
    // In groups: a log line shows nothing that is long and without a break.
    const seal = (
      Buffer.from(head.seal)
        .toString('hex')
        .match(/.{1,16}/g) ?? []
    ).join(' ');
    deps.log.info({ position: head.position, seal }, 'audit sealed up to here');
    await keepHead(deps.headsFile, head, now).catch((error: unknown) =>
      deps.log.warn({ error }, 'the head of the audit could not be kept in its file'),
    );
  };
  return {
    kind,
    async due(db, now) {
      const before = new Date(now.getTime() - auditSealAfterMs);
      const found = await rows(
        db,
        sql`select 1 where exists (select from audit_entries where seal_position is null and at <= ${before})`,
      );
      return found.length > 0 ? [kind] : [];
    },
    async drain(_name, lease) {
      const { now, ...batch } = await deps.database.transact({ actor: sealer }, async (ctx) => {
        await lease.guard(ctx);
        return { ...(await sealRows(ctx, deps.keyring, auditSealBatchMax)), now: ctx.now };
      });
      if (batch.sealed > 0) await keep(batch.head, now);
      return batch.sealed < auditSealBatchMax ? 'empty' : 'more';
    },
  };
}
