import { sql, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { checks } from '../../../src/main/checks.ts';

export type AuditFinding = {
  readonly name: string;
  readonly different: number;
  readonly pending: number;
  readonly examples: string;
};

/** Every line of `wharf audit` in one prepared statement: what is not as it must be, and what is on its way. */
export type Auditor = { audit(): Promise<AuditFinding[]> };

export function openAuditor(client: pg.Client): Auditor {
  const parts: SQL[] = checks.map(
    ({ name, compared }) => sql`
      select ${sql.raw(`'${name}'`)} as name, count(*) filter (where is_different)::int4 as different,
             count(*) filter (where is_pending)::int4 as pending,
             coalesce(string_agg(concat(subject, ': expected ', expected, ', found ', found), '; ' order by is_pending, subject)
                      filter (where is_different or is_pending), '') as examples
      from (${compared}) as compared`,
  );
  const { sql: text, params } = new PgDialect().sqlToQuery(sql.join(parts, sql` union all `));
  return {
    async audit() {
      const { rows } = await client.query<AuditFinding>({ name: 'simulation_audit', text, values: params });
      return rows.filter(({ different, pending }) => different > 0 || pending > 0);
    },
  };
}
