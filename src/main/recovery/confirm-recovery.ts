import { Fault } from '../../kernel/index.ts';
import { forgetHeads, writeAudit } from '../../platform/audit/index.ts';
import { beginReading, closeRecovery, type Recovery } from '../../platform/backup/index.ts';
import type { Actor, Database } from '../../platform/db/index.ts';
import { closeExceptions } from '../../platform/exceptions/index.ts';
import { resumeEverything } from '../../platform/queue/index.ts';
import { readChecklist } from './checklist.ts';
import { recoveryPending } from './open-epoch.ts';

/** Lets shops be read and orders be taken in; nothing is told to anybody. Throws Fault `recovery.none`. */
export function readShops(database: Database, actor: Actor): Promise<Recovery> {
  return database.transact({ actor }, async (ctx) => {
    const recovery = await beginReading(ctx);
    await writeAudit(ctx, {
      action: 'recovery.reading',
      subjectKind: 'deployment',
      subjectId: 'recovery',
      data: { epoch: recovery.epoch },
    });
    return recovery;
  });
}

/**
 * Everything goes on. Throws Fault `recovery.not_read` where shops were not read yet, unless `anyway` (a shop that is gone):
 * a write that was not read back is read by its connector before it is sent. The caller takes back the heads of audit seals
 * that were kept since the backup (`forgetLostHeads`).
 */
export async function confirmRecovery(
  database: Database,
  actor: Actor,
  options: { anyway: boolean },
): Promise<Recovery> {
  const checklist = await readChecklist(database);
  if (checklist !== null && checklist.phase !== 'read' && !options.anyway) {
    throw new Fault('conflict', 'recovery.not_read', {
      message:
        checklist.phase === 'paused'
          ? 'the shops were not read yet: wharf recovery read, with a hub running, then look again'
          : 'the shops are still being read: wharf recovery shows how far; --anyway does not wait',
    });
  }
  return database.transact({ actor }, async (ctx) => {
    const recovery = await closeRecovery(ctx, `${actor.kind}:${actor.id}`);
    await resumeEverything(ctx);
    await closeExceptions(ctx, [recoveryPending]);
    await writeAudit(ctx, {
      action: 'recovery.confirmed',
      subjectKind: 'deployment',
      subjectId: 'recovery',
      data: { epoch: recovery.epoch, anyway: options.anyway },
    });
    await writeAudit(ctx, {
      action: 'audit.heads_forgotten',
      subjectKind: 'audit',
      subjectId: null,
      data: { reason: restoredFrom(recovery), keptSince: recovery.backupAt },
    });
    return recovery;
  });
}

/** Heads of audit seals that were kept outside since the backup speak of rows that the restore has lost. */
export function forgetLostHeads(file: string, recovery: Recovery, now: Date): Promise<void> {
  return forgetHeads(file, { reason: restoredFrom(recovery), keptSince: recovery.backupAt, now });
}

function restoredFrom({ backupId, epoch }: Recovery): string {
  return `restored from backup ${backupId}, epoch ${epoch}`;
}
