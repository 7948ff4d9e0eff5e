import { migrationStatementTimeoutMs } from '../../../config/defaults.ts';
import { migrationsDir } from '../../../config/env.ts';
import { forgetTold, restartCursors } from '../../channels/index.ts';
import { skipShipmentNumbers } from '../../fulfilment/index.ts';
import { readAllOpenOrders } from '../../inbound/index.ts';
import { lockAllSeries } from '../../invoicing/index.ts';
import { skipOrderNumbers } from '../../orders/index.ts';
import { doubtWrites } from '../../outbound/index.ts';
import { writeAudit } from '../../platform/audit/index.ts';
import { openRecovery, type Manifest, type RestoredDatabase } from '../../platform/backup/index.ts';
import { migrate, onBehalf, openDatabase, type Ctx, type Database } from '../../platform/db/index.ts';
import { openExceptions } from '../../platform/exceptions/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { pauseEverything } from '../../platform/queue/index.ts';
import { cliActor } from '../cli/with-hub.ts';

export type OpenedEpoch = {
  readonly epoch: number;
  readonly listings: number;
  readonly writes: number;
  readonly orders: number;
  readonly series: number;
};

export const recoveryPending = { kind: 'recovery.pending', subjectKind: 'deployment', subjectId: 'recovery' } as const;

/** Opens a restored database, brought to this program's migrations. */
export async function onRestored<Result>(
  restored: RestoredDatabase,
  log: Log,
  work: (database: Database, applied: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const { applied, readUrl } = await migrate(restored.url, { dir: migrationsDir, log });
  const database = openDatabase({ url: restored.url, readUrl, markers: [], log, ring: () => undefined });
  try {
    return await work(database, applied);
  } finally {
    await database.close();
  }
}

/**
 * The past becomes the present, in one transaction and before any lane may run (RELIABILITY, "Restoring to an earlier
 * time"): everything stands still until a person confirms; what was not finished then may have been done since, and is
 * read back; what was told since is not known, and is told again.
 */
export function openEpoch(database: Database, manifest: Pick<Manifest, 'id' | 'createdAt'>): Promise<OpenedEpoch> {
  const options = { actor: cliActor, statementTimeoutMs: migrationStatementTimeoutMs };
  return database.transact(options, async (ctx) => {
    const epoch = await openRecovery(ctx, { backupId: manifest.id, backupAt: new Date(manifest.createdAt) });
    await pauseEverything(ctx);
    const opened = await doubtEverything(onBehalf(ctx, 'restore'));
    await openExceptions(ctx, [
      {
        ...recoveryPending,
        shopId: null,
        cause: { code: recoveryPending.kind, epoch, backupId: manifest.id, backupAt: manifest.createdAt },
        nextStep: 'Run wharf recovery: it shows what has to be looked at before everything goes on.',
      },
    ]);
    await writeAudit(ctx, {
      action: 'recovery.opened',
      subjectKind: 'deployment',
      subjectId: 'recovery',
      data: { epoch, backupId: manifest.id, backupAt: manifest.createdAt, ...opened },
    });
    return { epoch, ...opened };
  });
}

/** In the order of the locks: orders, then listings. */
async function doubtEverything(ctx: Ctx): Promise<Omit<OpenedEpoch, 'epoch'>> {
  const { writes } = await doubtWrites(ctx);
  const { orders } = await readAllOpenOrders(ctx);
  await skipOrderNumbers(ctx);
  await skipShipmentNumbers(ctx);
  await restartCursors(ctx);
  const { listings } = await forgetTold(ctx);
  const series = await lockAllSeries(ctx);
  return { writes, orders, listings, series };
}
