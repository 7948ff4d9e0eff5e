import { createHmac } from 'node:crypto';
import pg from 'pg';
import * as defaults from '../../../config/defaults.ts';
import type { Log } from '../log/index.ts';
import { sqlState } from './sql-error.ts';

type Reader = { readonly role: string; readonly password: string; readonly url: string };

/**
 * The reader's login follows from the writer's: role `<writer>_reader`, password derived from the writer's. So every
 * process that has the DATABASE_URL has it too, and nothing is stored. A writer without a password has no reader.
 */
function readerOf(url: string): Reader | null {
  const parsed = new URL(url);
  const writer = decodeURIComponent(parsed.username);
  const secret = decodeURIComponent(parsed.password);
  if (writer === '' || secret === '') return null;
  const role = `${writer}_reader`;
  const password = createHmac('sha256', secret).update(`wharf reader ${role}`).digest('base64url');
  parsed.username = encodeURIComponent(role);
  parsed.password = password;
  return { role, password, url: parsed.href };
}

/** The reader's URL where it can log in, else null: for processes that do not migrate. */
export async function findReader(url: string): Promise<string | null> {
  const reader = readerOf(url);
  if (reader === null) return null;
  const client = new pg.Client({
    connectionString: reader.url,
    application_name: 'wharf-read',
    connectionTimeoutMillis: defaults.connectTimeoutMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return reader.url;
  } catch (error) {
    if (sqlState(error)?.startsWith('28') === true) return null;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Makes the role that may SELECT and nothing else, with the same right on tables to come. Called under the migrations'
 * lock. Returns null, and says so once, where this login may not make roles (a hosted database).
 */
export async function ensureReader(client: pg.Client, url: string, log: Log): Promise<string | null> {
  const reader = readerOf(url);
  if (reader === null) return noReader(log, 'the DATABASE_URL has no password');
  const role = client.escapeIdentifier(reader.role);
  if ((await findReader(url)) === null && !(await makeRole(client, reader))) {
    return noReader(log, 'this login may not make roles');
  }
  await client.query(`
    grant usage on schema public to ${role};
    grant select on all tables in schema public to ${role};
    alter default privileges in schema public grant select on tables to ${role}`);
  return reader.url;
}

async function makeRole(client: pg.Client, { role, password }: Reader): Promise<boolean> {
  const name = client.escapeIdentifier(role);
  const attributes = `login nosuperuser nocreatedb nocreaterole noinherit password ${client.escapeLiteral(password)}`;
  try {
    await client.query(`create role ${name} ${attributes}`);
  } catch (error) {
    const state = sqlState(error);
    if (state === '42501') return false;
    // Roles belong to the cluster: another database of it may have made this one, or be making it now.
    if (state !== '42710' && state !== '23505') throw error;
    await client.query(`alter role ${name} ${attributes}`);
  }
  await client.query(`alter role ${name} set default_transaction_read_only = on`);
  return true;
}

function noReader(log: Log, reason: string): null {
  log.warn({ reason }, 'no reader role: reads are guarded by read-only sessions alone');
  return null;
}
