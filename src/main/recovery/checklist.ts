import { countShopsRead, type ShopsRead } from '../../channels/index.ts';
import { countOpenReads, inboxBacklog } from '../../inbound/index.ts';
import { listSeries } from '../../invoicing/index.ts';
import { countRefetched, type RefetchedOrders } from '../../orders/index.ts';
import { countDoubtfulWrites } from '../../outbound/index.ts';
import { pendingRecovery, type Recovery } from '../../platform/backup/index.ts';
import type { Database } from '../../platform/db/index.ts';

export type Checklist = {
  readonly recovery: Recovery;
  readonly phase: 'paused' | 'reading' | 'read';
  readonly shops: ShopsRead;
  readonly writes: { readonly writes: number; readonly readBack: number };
  /** Orders still to be read by id, and documents still to be taken in. */
  readonly waiting: { readonly reads: number; readonly documents: number };
  readonly refetched: RefetchedOrders;
  /** Codes of invoice series that wait for a person to say which number was issued last. */
  readonly series: readonly string[];
};

/** How far a restore has come; null when none waits. On the writing side: a replica would be late. */
export function readChecklist(database: Database): Promise<Checklist | null> {
  return database.transact({ actor: { kind: 'system', id: 'recovery' } }, async ({ tx }) => {
    const recovery = await pendingRecovery(tx);
    if (recovery === null) return null;
    const shops = await countShopsRead(tx, recovery.readingAt ?? recovery.restoredAt);
    const writes = await countDoubtfulWrites(tx, recovery.restoredAt);
    const waiting = { reads: await countOpenReads(tx), documents: (await inboxBacklog(tx)).pending };
    const isRead =
      shops.unread.length === 0 && writes.readBack === writes.writes && waiting.reads === 0 && waiting.documents === 0;
    return {
      recovery,
      phase: recovery.readingAt === null ? 'paused' : isRead ? 'read' : 'reading',
      shops,
      writes,
      waiting,
      series: (await listSeries(tx)).filter(({ state }) => state === 'locked').map(({ code }) => code),
      refetched: await countRefetched(tx, recovery.restoredAt),
    };
  });
}
