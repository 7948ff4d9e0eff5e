import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrationsDir, type Env } from '../../../config/env.ts';
import type { ShopDeps } from '../../channels/index.ts';
import {
  backlogCheck,
  backupsCheck,
  certificatesCheck,
  clockCheck,
  databaseCheck,
  diskCheck,
  exceptionsCheck,
  masterKeyCheck,
  migrationsCheck,
  openShops,
  ownersOf,
  parkedCheck,
  queueCheck,
  rolesCheck,
  sealsCheck,
  shopsCheck,
  unknownWritesCheck,
  unmappedCheck,
  workersCheck,
  type DoctorCheck,
  type KeyPlace,
  type Place,
} from '../../doctor/index.ts';
import { Fault } from '../../kernel/index.ts';
import { checkMigrated, clockOf, readServerFacts, type Database } from '../../platform/db/index.ts';
import { readCertificate } from '../../platform/http/index.ts';
import { inspectQueue } from '../../platform/queue/index.ts';
import { masterKeyFile } from '../recovery/backup-source.ts';

export type DoctorSubject = {
  readonly env: Env;
  /** Null while there is no database to ask. */
  readonly databaseUrl: string | null;
  /** `keyring` is null where no master key is there; one is never made by looking. */
  readonly deps: Omit<ShopDeps, 'keyring' | 'clock'> & { readonly keyring: ShopDeps['keyring'] | null };
  readonly countWaiting: () => Promise<number>;
};

/** Everything the doctor looks at, in the order it is shown. */
export function doctorChecks({ env, databaseUrl, deps: given, countWaiting }: DoctorSubject): DoctorCheck[] {
  const database = onceReached(given.database);
  const deps = { ...given, database };
  const { connectors, keyring } = deps;
  const looks = {
    database: given.database,
    isEmbedded: env.databaseUrl === null,
    async checkMigrated() {
      if (databaseUrl === null) await database.read(readServerFacts);
      else await checkMigrated(databaseUrl, migrationsDir);
    },
  };
  const opened = keyring === null ? null : once(() => openShops({ ...deps, keyring }));
  const { publicUrl } = env;
  return [
    databaseCheck(looks),
    migrationsCheck(looks),
    rolesCheck({ ...looks, database }),
    clockCheck({ ...looks, database }),
    queueCheck(() => inspectQueue(env.redisUrl, countWaiting), env.redisUrl !== null),
    diskCheck(() => places(env, deps)),
    masterKeyCheck(keyPlace(env), opened),
    certificatesCheck(
      async () => [
        ...(publicUrl === null ? [] : [{ subject: 'PUBLIC_URL', origin: publicUrl, isOurs: true }]),
        ...(opened === null ? [] : ownersOf(await opened().catch(() => []))),
      ],
      (origin, isOurs, signal) => readCertificate(origin, isOurs || env.privateOrigins.includes(origin), signal),
    ),
    workersCheck(database),
    shopsCheck(database, {
      canRegister: (channel) => connectors.get(channel)?.webhooks?.register !== undefined,
      publicUrl,
    }),
    backlogCheck(database),
    unknownWritesCheck(database),
    parkedCheck(database),
    exceptionsCheck(database),
    unmappedCheck(database),
    sealsCheck(database),
    backupsCheck(database),
  ];
}

const reachMs = 3_000;

/** Asks nothing of a database that has not answered at all: each of its checks would wait for its own time-out. */
function onceReached(database: Database): Database {
  const reach = once(async () => {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Fault('unavailable', 'database.unreachable')), reachMs).unref();
    });
    await Promise.race([database.read(clockOf), late]);
  });
  return {
    ...database,
    async read(work) {
      await reach();
      return database.read(work);
    },
    async transact(options, work) {
      await reach();
      return database.transact(options, work);
    },
  };
}

function keyPlace(env: Env): KeyPlace {
  if (env.masterKey !== null) return { kind: 'env' };
  const path = masterKeyFile(env);
  return existsSync(path) ? { kind: 'file', path } : null;
}

/** The database's own folder only where it lies on this machine. */
async function places(env: Env, { database }: Pick<DoctorSubject['deps'], 'database'>): Promise<Place[]> {
  // The reading login may not know where the data lies.
  const facts = await database
    .transact({ actor: { kind: 'system', id: 'doctor' } }, (ctx) => readServerFacts(ctx.tx))
    .catch(() => null);
  const data = facts?.dataDirectory ?? null;
  return [
    ...(data !== null && existsSync(join(data, 'base')) ? [{ what: 'database', path: data }] : []),
    { what: 'var', path: env.varDir },
    { what: 'backups', path: env.backupDir },
  ];
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null;
  return () => (value ??= read());
}
