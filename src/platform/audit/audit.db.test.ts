import { expect, test } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import type { Actor } from '../db/index.ts';
import { listAudit, writeAudit } from './index.ts';

const database = useDatabase();
const clerk: Actor = { kind: 'token', id: 't1', name: 'clerk', scopes: [] };

test('a row says who did what to what, in which request, and is unsealed', async () => {
  const data = { lines: 3, note: 'it\'s "quoted"' };
  await database.transact({ actor: clerk, requestId: 'r-1' }, (ctx) =>
    writeAudit(ctx, { action: 'stock.adjusted', subjectKind: 'sku', subjectId: null, data }),
  );
  const { items } = await database.read((db) => listAudit(db, { after: null, limit: 1 }));
  expect(items).toMatchObject([
    {
      actorKind: 'token',
      actorId: 't1',
      action: 'stock.adjusted',
      subjectKind: 'sku',
      subjectId: null,
      data,
      requestId: 'r-1',
    },
  ]);
});

test('a row goes away with its transaction', async () => {
  const write = database.run(async (ctx) => {
    await writeAudit(ctx, { action: 'shop.connected', subjectKind: 'shop', subjectId: 's1', data: {} });
    throw new Error('rolled back');
  });
  await expect(write).rejects.toThrow('rolled back');
  const { items } = await database.read((db) => listAudit(db, { after: null, limit: 10 }));
  expect(items.map((item) => item.action)).not.toContain('shop.connected');
});

test('the list is paged by key, newest first, the same on both drivers', async () => {
  for (const action of ['a.one', 'a.two', 'a.three']) {
    await database.run((ctx) => writeAudit(ctx, { action, subjectKind: 'x', subjectId: action, data: {} }));
  }
  const first = await database.read((db) => listAudit(db, { after: null, limit: 2 }));
  expect(first.items.map((item) => item.action)).toEqual(['a.three', 'a.two']);
  expect(await database.run((ctx) => listAudit(ctx.tx, { after: null, limit: 2 }))).toEqual(first);
  const second = await database.read((db) => listAudit(db, { after: first.next, limit: 2 }));
  expect(second.items[0]?.action).toBe('a.one');
});
