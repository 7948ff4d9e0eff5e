import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { systemActor, useDatabase } from '../../test/support/database.ts';
import { quietLog, recordingLog } from '../../test/support/quiet-log.ts';
import { manualClock, parseId, type TokenId } from '../kernel/index.ts';
import { rows, type Actor } from '../platform/db/index.ts';
import { authenticateToken, createToken, listTokens, openTokenGate, revokeToken } from './index.ts';

const database = useDatabase();

const all = { name: 'all', scopes: ['*'], expiresAt: null };

function asToken(...scopes: string[]): Actor {
  return { kind: 'token', id: 'someone', name: 'someone', scopes };
}

async function lastUsed(tokenId: TokenId): Promise<Date | null> {
  const [row] = await database.read((db) =>
    rows<{ at: Date | null }>(db, sql`select last_used_at as at from api_tokens where id = ${tokenId}`),
  );
  return row?.at ?? null;
}

test('a token says who it stands for, on both drivers, and is stored only as its hash', async () => {
  const { tokenId, token } = await database.run((ctx) =>
    createToken(ctx, { name: ' till ', scopes: ['stock:read', 'orders:read', 'stock:read'], expiresAt: null }),
  );
  expect(token).toMatch(/^wharf_[0-9a-f]{8}_[\w-]{43}$/);
  const now = new Date();
  const found = await database.read((db) => authenticateToken(db, token, now));
  expect(found?.actor).toEqual({ kind: 'token', id: tokenId, name: 'till', scopes: ['orders:read', 'stock:read'] });
  expect(await database.run((ctx) => authenticateToken(ctx.tx, token, now))).toEqual(found);
  const dump = await database.read((db) =>
    rows<{ text: string }>(
      db,
      sql`select t::text || coalesce(a::text, '') as text from api_tokens t
                                   left join audit_entries a on a.subject_id = t.id::text where t.id = ${tokenId}`,
    ),
  );
  expect(dump[0]?.text).toContain('till');
  expect(dump[0]?.text).not.toContain(token.slice(15));
});

test('an unknown, an expired, a revoked and a malformed token stand for nobody', async () => {
  const later = new Date(Date.now() + 60_000);
  const expiring = await database.run((ctx) => createToken(ctx, { ...all, expiresAt: later }));
  const revoked = await database.run((ctx) => createToken(ctx, all));
  await database.run((ctx) => revokeToken(ctx, revoked.tokenId));
  const who = (text: string, now: Date) => database.read((db) => authenticateToken(db, text, now));
  expect(await who(expiring.token, new Date())).not.toBe(null);
  expect(await who(expiring.token, later)).toBe(null);
  expect(await who(revoked.token, new Date())).toBe(null);
  const last = expiring.token.endsWith('A') ? 'B' : 'A';
  expect(await who(`${expiring.token.slice(0, -1)}${last}`, new Date())).toBe(null);
  for (const text of ['', 'wharf_', `${expiring.token} `, `x${expiring.token}`]) {
    expect(await who(text, new Date())).toBe(null);
  }
});

test('creating and revoking are written into the audit, and revoking twice only once', async () => {
  const { tokenId } = await database.run((ctx) => createToken(ctx, all));
  await database.run((ctx) => revokeToken(ctx, tokenId));
  await database.run((ctx) => revokeToken(ctx, tokenId));
  const actions = await database.read((db) =>
    rows<{ action: string }>(db, sql`select action from audit_entries where subject_id = ${tokenId} order by at, id`),
  );
  expect(actions.map((row) => row.action)).toEqual(['token.created', 'token.revoked']);
  const unknown = parseId<'api_token'>('0190f5fe-7c00-7a00-8000-000000000001', 'tokenId');
  await expect(database.run((ctx) => revokeToken(ctx, unknown))).rejects.toMatchObject({ code: 'token.unknown' });
});

test('nobody hands on a scope they do not hold', async () => {
  const create = (actor: Actor, scopes: string[]) =>
    database.transact({ actor }, (ctx) => createToken(ctx, { ...all, scopes }));
  await expect(create(asToken('orders:read'), ['orders:read'])).rejects.toMatchObject({
    kind: 'forbidden',
    data: { scope: 'tokens:write' },
  });
  const keeper = asToken('tokens:write', 'orders:read');
  await expect(create(keeper, ['orders:read'])).resolves.toBeDefined();
  await expect(create(keeper, ['stock:write'])).rejects.toMatchObject({
    kind: 'forbidden',
    data: { scope: 'stock:write' },
  });
  await expect(create(keeper, ['*'])).rejects.toMatchObject({ code: 'token.scope_not_held' });
  await expect(create(systemActor, ['orders:fly'])).rejects.toMatchObject({ fields: [{ path: 'scopes.0' }] });
  await expect(create(systemActor, [])).rejects.toMatchObject({ fields: [{ path: 'scopes' }] });
});

test('a token that is expired at birth, or has no name, is refused by its field', async () => {
  const create = (input: Partial<Parameters<typeof createToken>[1]>) =>
    database.run((ctx) => createToken(ctx, { ...all, ...input }));
  await expect(create({ expiresAt: new Date(0) })).rejects.toMatchObject({ fields: [{ path: 'expiresAt' }] });
  await expect(create({ expiresAt: new Date(Number.NaN) })).rejects.toMatchObject({ fields: [{ path: 'expiresAt' }] });
  await expect(create({ name: '  ' })).rejects.toMatchObject({ fields: [{ path: 'name' }] });
});

test('the list pages newest first and shows no secret', async () => {
  await database.run(async (ctx) => {
    await createToken(ctx, { ...all, name: 'first' });
    await createToken(ctx, { ...all, name: 'second' });
  });
  const names: string[] = [];
  let after: string | null = null;
  do {
    const page = await database.read((db) => listTokens(db, { after, limit: 2 }));
    names.push(...page.items.map((token) => token.name));
    expect(Object.keys(page.items[0] ?? {})).not.toContain('hash');
    after = page.next;
  } while (after !== null);
  const count = await database.read((db) => rows<{ n: number }>(db, sql`select count(*) as n from api_tokens`));
  expect(names.length).toBe(count[0]?.n);
  expect(names.slice(0, 2)).toEqual(['second', 'first']);
});

test('the use of a token is noted once a minute, behind the caller', async () => {
  const { tokenId, token } = await database.run((ctx) => createToken(ctx, all));
  const gate = openTokenGate({
    database,
    clock: { now: () => new Date(), sleep: () => Promise.resolve() },
    log: quietLog,
  });
  expect(await gate.authenticate(token)).toMatchObject({ kind: 'token', id: tokenId });
  await gate.close();
  const first = await lastUsed(tokenId);
  expect(first).not.toBe(null);
  await gate.authenticate(token);
  await gate.close();
  expect(await lastUsed(tokenId)).toEqual(first);
  await database.run((ctx) =>
    rows(
      ctx.tx,
      sql`update api_tokens set last_used_at = ${new Date(ctx.now.getTime() - 61_000)} where id = ${tokenId}`,
    ),
  );
  await gate.authenticate(token);
  await gate.close();
  expect((await lastUsed(tokenId))?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Infinity);
});

test('a use that cannot be noted does not keep anybody out', async () => {
  const { token } = await database.run((ctx) => createToken(ctx, all));
  const log = recordingLog();
  const broken = { ...database, read: database.read, transact: () => Promise.reject(new Error('no database')) };
  const gate = openTokenGate({ database: broken, clock: manualClock(new Date()), log });
  expect(await gate.authenticate(token)).not.toBe(null);
  await gate.close();
  expect(log.lines).toHaveLength(1);
  expect(JSON.stringify(log.lines)).not.toContain(token);
});
