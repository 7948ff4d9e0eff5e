import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { checks } from '../../../src/main/checks.ts';
import type { InvariantCheck } from '../../../src/platform/invariant/index.ts';

export type AuditFinding = {
  readonly name: string;
  readonly different: number;
  readonly pending: number;
  readonly examples: string;
};

/** Every line of `wharf audit`: what is not as it must be, and what is on its way. */
export type Auditor = {
  audit(): Promise<AuditFinding[]>;
  /** The lines that read a table that was written to since either was last asked, and those tables: the others cannot differ. */
  auditWritten(): Promise<{ findings: AuditFinding[]; written: ReadonlySet<string> }>;
};

type Line = { readonly text: string; readonly reads: readonly string[] };

/** A trigger on each table that a line reads notes that a committed transaction has written to it. */
export async function openAuditor(client: pg.Client): Promise<Auditor> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  );
  const lines = checks.map((check) => lineOf(check, tables));
  await client.query(noteWrites([...new Set(lines.flatMap(({ reads }) => reads))]));
  const ask = async (asked: readonly Line[]): Promise<AuditFinding[]> => {
    if (asked.length === 0) return [];
    const text = asked.map((line) => line.text).join(' union all ');
    // Planned once for each set of lines: planning them takes ten times what they take.
    const name = asked.map((line) => lines.indexOf(line)).join(' ');
    const { rows } = await client.query<AuditFinding>({ name, text });
    return rows.filter(({ different, pending }) => different > 0 || pending > 0);
  };
  const takeWritten = async (): Promise<Set<string>> => {
    const text = 'delete from watch.written returning name';
    const { rows } = await client.query<{ name: string }>({ name: 'written', text });
    return new Set(rows.map(({ name }) => name));
  };
  return {
    async audit() {
      await takeWritten();
      return ask(lines);
    },
    async auditWritten() {
      const written = await takeWritten();
      return { findings: await ask(lines.filter(({ reads }) => reads.some((name) => written.has(name)))), written };
    },
  };
}

function lineOf({ name, compared }: InvariantCheck, tables: readonly { readonly name: string }[]): Line {
  const { sql: text, params } = new PgDialect().sqlToQuery(sql`
    select ${sql.raw(`'${name}'`)} as name, count(*) filter (where is_different)::int4 as different,
           count(*) filter (where is_pending)::int4 as pending,
           coalesce(string_agg(concat(subject, ': expected ', expected, ', found ', found), '; ' order by is_pending, subject)
                    filter (where is_different or is_pending), '') as examples
    from (${compared}) as compared`);
  if (params.length > 0) throw new Error(`${name} has parameters: they would get mixed up with those of other lines`);
  // Every table that it reads stands in its text.
  const reads = tables.map((table) => table.name).filter((table) => new RegExp(`\\b${table}\\b`).test(text));
  return { text, reads };
}

function noteWrites(tables: readonly string[]): string {
  return [
    'create schema if not exists watch',
    'create unlogged table if not exists watch.written (name text not null)',
    `create or replace function watch.note() returns trigger language plpgsql as
     $$ begin insert into watch.written values (tg_table_name); return null; end $$`,
    ...tables.map(
      (name) => `create or replace trigger simulation_watch after insert or update or delete on ${name}
                 for each statement execute function watch.note()`,
    ),
  ].join(';');
}
