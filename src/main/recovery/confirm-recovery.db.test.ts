import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { systemActor, useDatabase } from '../../../test/support/database.ts';
import { newId } from '../../kernel/index.ts';
import { checkSeals, keepHead, listAudit, readKeptHeads, sealRows, writeAudit } from '../../platform/audit/index.ts';
import { openKeyring } from '../../platform/crypto/index.ts';
import { rows } from '../../platform/db/index.ts';
import { confirmRecovery, forgetLostHeads } from './confirm-recovery.ts';
import { openEpoch } from './open-epoch.ts';

const database = useDatabase();
const keyring = openKeyring({ masterKey: randomBytes(32) });
const folder = mkdtempSync(join(tmpdir(), 'wharf-lost-heads-'));
const headsFile = join(folder, 'wharf.jsonl');
const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function workAndKeepHead(count: number, at: Date): Promise<number> {
  const { head } = await database.run(async (ctx) => {
    for (let each = 0; each < count; each += 1) {
      await writeAudit(ctx, { action: 'stock.counted', subjectKind: 'sku', subjectId: null, data: { each } });
    }
    return sealRows(ctx, keyring, 100);
  });
  await keepHead(headsFile, head, at);
  return head.position;
}

const check = async () => checkSeals(database, keyring, await readKeptHeads(headsFile));

test('after a restore was confirmed the seals fit again, and heads kept before the backup are still compared', async () => {
  const backedUp = await workAndKeepHead(3, hoursAgo(3));
  await workAndKeepHead(3, hoursAgo(1));
  // What the restore loses.
  await database.run((ctx) => rows(ctx.tx, sql`delete from audit_entries where seal_position > ${backedUp}`));
  await openEpoch(database, { id: newId(), createdAt: hoursAgo(2).toISOString() });
  expect(await check()).toMatchObject({ isIntact: false, broken: { fault: 'tail_cut' } });

  const recovery = await confirmRecovery(database, systemActor, { anyway: true });
  await forgetLostHeads(headsFile, recovery, new Date());
  await workAndKeepHead(4, new Date());
  expect(await check()).toMatchObject({ isIntact: true, headsCompared: 2 });
  const { items } = await database.read((db) => listAudit(db, { after: null, limit: 50 }));
  expect(items.find(({ action }) => action === 'audit.heads_forgotten')?.data).toEqual({
    reason: `restored from backup ${recovery.backupId}, epoch ${recovery.epoch}`,
    keptSince: recovery.backupAt.toISOString(),
  });

  await database.run((ctx) => rows(ctx.tx, sql`delete from audit_entries where seal_position >= ${backedUp}`));
  expect(await check()).toMatchObject({ isIntact: false, broken: { fault: 'tail_cut', position: backedUp } });
});
