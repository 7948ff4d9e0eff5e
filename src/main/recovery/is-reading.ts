import { pendingRecovery } from '../../platform/backup/index.ts';
import type { AnyDb } from '../../platform/db/index.ts';

/** After a restore, once a person has asked for it: shops are read and orders taken in, though everything is paused. */
export async function isReading(db: AnyDb): Promise<boolean> {
  const pending = await pendingRecovery(db);
  return pending !== null && pending.readingAt !== null;
}
