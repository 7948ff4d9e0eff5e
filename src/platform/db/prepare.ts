import { fillPlaceholders, sql, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';

/** A statement whose text is made once, and which Postgres plans once a connection. */
export type PreparedStatement = {
  /** `now` null: Postgres's own clock. */
  bind(values: Readonly<Record<string, unknown>>, now: Date | null): BoundStatement;
};

export type BoundStatement = { readonly name: string; readonly text: string; readonly values: unknown[] };

type Made = { readonly text: string; readonly params: unknown[] };

const dialect = new PgDialect();

/** `make` is given the clock, and writes what differs from call to call as `sql.placeholder(…)` or `namedUnnest`. */
export function prepare(name: string, make: (now: SQL) => SQL): PreparedStatement {
  const madeBy = (clock: SQL): Made => {
    const { sql: text, params } = dialect.sqlToQuery(make(clock));
    return { text, params };
  };
  let byPostgres: Made | null = null;
  let byCaller: Made | null = null;
  return {
    bind(values, now) {
      if (now === null) {
        byPostgres ??= madeBy(sql`date_trunc('milliseconds', statement_timestamp())`);
        return { name, text: byPostgres.text, values: fillPlaceholders(byPostgres.params, { ...values }) };
      }
      byCaller ??= madeBy(sql`${sql.placeholder('now')}::timestamptz`);
      const given = { ...values, now: now.toISOString() };
      return { name: `${name}_at`, text: byCaller.text, values: fillPlaceholders(byCaller.params, given) };
    },
  };
}
