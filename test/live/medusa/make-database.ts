import { randomBytes } from 'node:crypto';
import pg from 'pg';

const templateLock = 7_061;

/**
 * A database of its own on the cluster of `adminUrl`: a copy of the cluster's template, which the first caller fills. Filling
 * takes half a minute, a copy a tenth of a second. Answers with its address.
 */
export async function makeDatabase(adminUrl: string, fill: (databaseUrl: string) => Promise<void>): Promise<string> {
  const template = 'medusa_template';
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    // Two files may start at once: one fills, the other waits. Held until this connection ends.
    await client.query('select pg_advisory_lock($1)', [templateLock]);
    const found = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) {
      await client.query(`create database ${template}_half`);
      await fill(databaseUrl(adminUrl, `${template}_half`));
      await client.query(`alter database ${template}_half rename to ${template}`);
    }
    const name = `medusa_${randomBytes(4).toString('hex')}`;
    await client.query(`create database ${name} template ${template}`);
    return databaseUrl(adminUrl, name);
  } finally {
    await client.end();
  }
}

function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
