import { sql } from 'drizzle-orm';
import type { Keyring } from '../crypto/index.ts';
import { firstRow, list, rows, type AnyDb, type Ctx } from '../db/index.ts';
import { canonicalRow, type SealableRow } from './canonical-row.ts';

export type SealKey = Pick<Keyring, 'mac'>;

/** The newest link of the chain: position 0 and no seal before the first. */
export type ChainHead = { readonly position: number; readonly seal: Uint8Array };

export const chainStart: ChainHead = { position: 0, seal: new Uint8Array(0) };

/** Any number that nobody else uses for an advisory lock in this database ("seal" in ASCII). */
const lockKey = 0x7365616c;

/** Of `audit_entries`, what a seal covers. */
export const sealedColumns = sql`id, at, actor_kind as "actorKind", actor_id as "actorId", action,
  subject_kind as "subjectKind", subject_id as "subjectId", data::text as "dataText", request_id as "requestId"`;

/** HMAC-SHA-256 under a key derived from the master key, over the place in the chain, the seal before and the row. */
export function sealOf(key: SealKey, position: number, before: Uint8Array, row: SealableRow): Uint8Array {
  return key.mac('audit_seal', `${position}\n${Buffer.from(before).toString('hex')}\n${canonicalRow(row)}`);
}

export async function readHead(db: AnyDb): Promise<ChainHead> {
  const head = await firstRow<ChainHead>(
    db,
    sql`select seal_position as position, seal from audit_entries
        where seal_position is not null order by seal_position desc limit 1`,
  );
  return head ?? chainStart;
}

export type SealedBatch = { readonly sealed: number; readonly head: ChainHead };

/**
 * Chains the next unsealed rows, at most `limit`, in the order they are found. A row that commits late with an older id
 * comes later in the chain. Whoever comes second waits for the first and goes on from its head, so the chain has no forks.
 */
export async function sealRows(ctx: Ctx, key: SealKey, limit: number): Promise<SealedBatch> {
  await rows(ctx.tx, sql`select pg_advisory_xact_lock(${lockKey})`);
  let head = await readHead(ctx.tx);
  const found = await rows<SealableRow>(
    ctx.tx,
    sql`select ${sealedColumns} from audit_entries where seal_position is null order by id limit ${limit}`,
  );
  if (found.length === 0) return { sealed: 0, head };
  const links = found.map((row) => {
    head = { position: head.position + 1, seal: sealOf(key, head.position + 1, head.seal, row) };
    return { id: row.id, ...head };
  });
  const written = await rows(
    ctx.tx,
    sql`update audit_entries a set seal_position = t.position, seal = t.seal
        from unnest(${list(
          'uuid',
          links.map((link) => link.id),
        )}, ${list(
          'int8',
          links.map((link) => link.position),
        )}, ${list(
          'bytea',
          links.map((link) => link.seal),
        )}) as t (id, position, seal)
        where a.id = t.id and a.seal_position is null returning a.id`,
  );
  if (written.length !== links.length) throw new Error('an audit row was sealed or deleted while it was being sealed');
  return { sealed: links.length, head };
}
