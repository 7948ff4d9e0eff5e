import { Fault } from '../../kernel/index.ts';
import { readServerFacts, type Database, type ServerFacts } from '../../platform/db/index.ts';
import { bad, ok, warn, type DoctorCheck, type Finding } from '../finding.ts';
import { bytes, span } from '../words.ts';

const versionMin = 150_000;
const oldTransactionSeconds = 300;

export type DatabaseLooks = {
  readonly database: Database;
  /** `DATABASE_URL`, or the embedded PostgreSQL: what to do when it is away differs. */
  readonly isEmbedded: boolean;
  /** Throws Fault `migration.…` unless the database is exactly at this program's migrations. */
  readonly checkMigrated: () => Promise<void>;
};

/** Reachable, new enough, and with room: connections, and no transaction that holds everything up. */
export function databaseCheck({ database, isEmbedded }: DatabaseLooks): DoctorCheck {
  return {
    name: 'database',
    title: 'PostgreSQL',
    async run() {
      const facts = await readOrFail(database, isEmbedded);
      return 'verdict' in facts ? [facts] : judgeServer(facts);
    },
  };
}

async function readOrFail(database: Database, isEmbedded: boolean): Promise<ServerFacts | Finding> {
  const next = isEmbedded
    ? 'npm start (var/postgres/server.log says why it ended)'
    : 'Start PostgreSQL, or correct DATABASE_URL (host, port, password, pg_hba.conf).';
  try {
    const late = new Promise<Finding>((resolve) => {
      setTimeout(() => resolve(bad('does not answer within 4 s', next)), 4_000).unref();
    });
    return await Promise.race([database.read(readServerFacts), late]);
  } catch (error) {
    if (error instanceof Fault && error.code === 'database.none') {
      return bad('there is no database here yet', 'npm start makes one; or set DATABASE_URL, or WHARF_VAR_DIR.');
    }
    const why = error instanceof Fault ? error.code : error instanceof Error ? reasonOf(error) : 'unknown';
    return bad(`cannot be reached (${why})`, next);
  }
}

function reasonOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}

export function judgeServer(facts: ServerFacts): Finding[] {
  const { connections, connectionsMax, oldestTransactionSeconds } = facts;
  const findings: Finding[] = [];
  if (facts.versionNumber < versionMin) {
    findings.push(bad(`is version ${facts.version}`, 'Upgrade PostgreSQL to 15 or later.'));
  }
  const used = connections / connectionsMax;
  const room = `${connections} of ${connectionsMax} connections are used`;
  const raise = 'Raise max_connections, or run fewer processes (each opens up to 20 connections).';
  if (used >= 0.95) findings.push(bad(room, raise));
  else if (used >= 0.8) findings.push(warn(room, raise));
  if (oldestTransactionSeconds !== null && oldestTransactionSeconds > oldTransactionSeconds) {
    findings.push(
      warn(
        `a transaction has been open for ${span(oldestTransactionSeconds * 1_000)}`,
        "select pid, query from pg_stat_activity order by xact_start; then select pg_terminate_backend(pid), if it is nobody's work",
      ),
    );
  }
  if (findings.length > 0) return findings;
  return [ok(`version ${facts.version}, ${bytes(facts.sizeBytes)}, ${room}`)];
}

const migrationSteps: Readonly<Record<string, string>> = {
  'migration.pending': 'wharf migrate',
  'migration.database_newer': 'Start the version of Wharf that last ran on this database, or a newer one.',
  'migration.changed': 'Put the migration files back as they were released.',
  'migration.out_of_order': 'Number the new migration after the last applied one.',
};

export function migrationsCheck({ checkMigrated }: DatabaseLooks): DoctorCheck {
  return {
    name: 'migrations',
    title: 'Migrations',
    async run() {
      try {
        await checkMigrated();
        return [ok('the database is at the migrations of this program')];
      } catch (error) {
        const step = error instanceof Fault ? migrationSteps[error.code] : undefined;
        if (error instanceof Fault && step !== undefined) return [bad(error.message, step)];
        throw error;
      }
    },
  };
}

/** Lists and reports log in as a role that can only read. */
export function rolesCheck({ database }: DatabaseLooks): DoctorCheck {
  return {
    name: 'roles',
    title: 'Reading and writing logins',
    async run() {
      const reader = await database.read(readServerFacts);
      const writer = await database.transact({ actor: { kind: 'system', id: 'doctor' } }, (ctx) =>
        readServerFacts(ctx.tx),
      );
      if (writer.isReadOnly) {
        return [bad('the writing login may not write', 'Point DATABASE_URL to the primary, not to a replica.')];
      }
      if (reader.user !== writer.user) return [ok(`writes as ${writer.user}, reads as ${reader.user}`)];
      const step = 'Give DATABASE_URL a password and CREATEROLE and run wharf migrate, or set DATABASE_READ_URL.';
      return [warn(`reads as the writing login ${writer.user}, guarded by read-only sessions alone`, step)];
    },
  };
}

const skewWarnMs = 2_000;
const skewBadMs = 60_000;

/** What is due goes by Postgres's clock; signatures, tokens and certificates by this machine's. */
export function clockCheck({ database }: DatabaseLooks): DoctorCheck {
  return {
    name: 'clock',
    title: 'Clocks',
    async run() {
      const beforeMs = Date.now();
      const { now } = await database.read(readServerFacts);
      return [judgeClock(now.getTime() - (beforeMs + Date.now()) / 2)];
    },
  };
}

export function judgeClock(skewMs: number): Finding {
  const away = Math.abs(skewMs);
  if (away < skewWarnMs) return ok(`the database's clock and ours differ by ${Math.round(away)} ms`);
  const found = `the database's clock is ${span(away)} ${skewMs > 0 ? 'ahead of' : 'behind'} ours`;
  const step = 'Switch on time synchronisation on both machines: timedatectl set-ntp true';
  return away < skewBadMs ? warn(found, step) : bad(found, step);
}
