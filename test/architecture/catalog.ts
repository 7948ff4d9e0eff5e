import type pg from 'pg';

/** One object of a database in words: `what` names it, `definition` is what must be equal. */
type CatalogRow = { readonly what: string; readonly definition: string };

const tables = `pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'`;

/** Each query gives `what` and `definition`; together they are all that a schema in schema public can hold. */
const catalogQueries: readonly string[] = [
  `SELECT CASE t.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'view ' ELSE 'table ' END || t.relname AS what,
          CASE WHEN t.relkind IN ('v', 'm') THEN pg_get_viewdef(t.oid) ELSE t.relkind::text || t.relpersistence::text END
            || coalesce(' ' || t.reloptions::text, '') AS definition
     FROM ${tables} WHERE t.relkind IN ('r', 'p', 'v', 'm')`,
  `SELECT 'column ' || t.relname || '.' || a.attname AS what,
          format_type(a.atttypid, a.atttypmod)
            || CASE WHEN a.attcollation <> ty.typcollation THEN ' COLLATE ' || co.collname ELSE '' END
            || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
            || CASE a.attidentity WHEN '' THEN '' ELSE ' IDENTITY ' || a.attidentity::text END
            || CASE a.attgenerated WHEN '' THEN '' ELSE ' GENERATED ' || a.attgenerated::text END
            || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS definition
     FROM ${tables} JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_type ty ON ty.oid = a.atttypid
     LEFT JOIN pg_collation co ON co.oid = a.attcollation
     LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
     WHERE t.relkind IN ('r', 'p')`,
  `SELECT CASE c.contype WHEN 'f' THEN 'foreign key ' ELSE 'constraint ' END || t.relname || '.' || c.conname AS what,
          pg_get_constraintdef(c.oid, true) AS definition
     FROM ${tables} JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype <> 'n'`,
  `SELECT 'index ' || t.relname || '.' || i.relname AS what, pg_get_indexdef(x.indexrelid) AS definition
     FROM ${tables} JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
     WHERE NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid AND c.conrelid = t.oid)`,
  `SELECT 'sequence ' || sequencename AS what,
          concat_ws(' ', data_type, start_value, min_value, max_value, increment_by, cycle, cache_size) AS definition
     FROM pg_sequences WHERE schemaname = 'public'`,
  `SELECT 'trigger ' || t.relname || '.' || g.tgname AS what, pg_get_triggerdef(g.oid) AS definition
     FROM ${tables} JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal`,
  `SELECT 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS what,
          pg_get_functiondef(p.oid) AS definition
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public' WHERE p.prokind IN ('f', 'p')`,
  `SELECT 'type ' || ty.typname AS what,
          concat_ws(' ', ty.typtype, (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                                        FROM pg_enum e WHERE e.enumtypid = ty.oid)) AS definition
     FROM pg_type ty JOIN pg_namespace n ON n.oid = ty.typnamespace AND n.nspname = 'public'
     WHERE ty.typtype IN ('e', 'd') OR (ty.typtype = 'c' AND EXISTS
       (SELECT 1 FROM pg_class k WHERE k.oid = ty.typrelid AND k.relkind = 'c'))`,
];

/** Every object of schema public by its name, tables, columns, constraints, indexes, sequences and the rest. */
export async function readCatalog(client: pg.Client): Promise<Map<string, string>> {
  const catalog = new Map<string, string>();
  for (const query of catalogQueries) {
    const { rows } = await client.query<CatalogRow>(query);
    for (const { what, definition } of rows) catalog.set(what, definition);
  }
  return catalog;
}

/** What an exception lets pass: objects whose difference line matches, and why schema.ts cannot say it. */
export type CatalogException = { readonly matches: RegExp; readonly reason: string };

/** What differs, a line each, less the exceptions. An exception that matches nothing is a difference too. */
export function compareCatalogs(
  migrated: ReadonlyMap<string, string>,
  declared: ReadonlyMap<string, string>,
  exceptions: readonly CatalogException[],
): string[] {
  const names = [...new Set([...migrated.keys(), ...declared.keys()])].sort();
  const differences = names.flatMap((name) => {
    const [inMigrations, inSchema] = [migrated.get(name), declared.get(name)];
    if (inMigrations === inSchema) return [];
    if (inSchema === undefined) return [`${name}: only in migrations: ${inMigrations ?? ''}`];
    if (inMigrations === undefined) return [`${name}: only in schema.ts: ${inSchema}`];
    return [`${name}: migrations say ${inMigrations}, schema.ts says ${inSchema}`];
  });
  const isExcepted = (line: string): boolean => exceptions.some(({ matches }) => matches.test(line));
  const unused = exceptions.filter(({ matches }) => !differences.some((line) => matches.test(line)));
  return [
    ...differences.filter((line) => !isExcepted(line)),
    ...unused.map(({ matches }) => `the exception ${matches.source} matches nothing`),
  ];
}
