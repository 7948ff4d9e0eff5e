import { pendingRecovery } from '../../platform/backup/index.ts';
import type { Database } from '../../platform/db/index.ts';

/** One line for whoever starts or watches a hub whose restore nobody has confirmed; null in daily life. */
export async function recoveryNote(database: Database): Promise<string | null> {
  const pending = await database.transact({ actor: { kind: 'system', id: 'recovery' } }, ({ tx }) =>
    pendingRecovery(tx),
  );
  if (pending === null) return null;
  const state = pending.readingAt === null ? 'nothing is read or told' : 'shops are read, nothing is told';
  return `A restore to ${pending.backupAt.toISOString()} waits to be confirmed: ${state}. Next: wharf recovery`;
}
