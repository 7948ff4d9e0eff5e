import { join, resolve } from 'node:path';
import { z } from 'zod';

const checkout = resolve(import.meta.dirname, '..');

/** An unset variable and an empty one are the same: compose files and .env files write `NAME=`. */
function setting<Schema extends z.ZodType, const Fallback>(schema: Schema, fallback: Fallback) {
  const present = z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
  return present.transform((value): NonNullable<z.output<Schema>> | Fallback => value ?? fallback);
}

const flag = z.enum(['0', '1'], 'must be 0 or 1').transform((value) => value === '1');

const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const origin = z.string().transform((text, context) => {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.pathname === '/' && parsed.search === '')
    return parsed.origin;
  context.addIssue(`"${text}" is not an origin such as http://192.168.1.20:9000`);
  return z.NEVER;
});

const url = (protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const withoutSlash = (text: string): string => text.replace(/\/+$/, '');

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port number');

const masterKey = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64 (openssl rand -base64 32)');

const count = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number up to 999')
  .transform(Number);

const cronOrOff = z.string().refine((text) => text === 'off' || text.trim().split(/\s+/).length === 5, {
  error: 'must be a cron expression of five fields, or off',
});

const schema = z.object({
  DATABASE_URL: setting(url(['postgres:', 'postgresql:']), null),
  DATABASE_READ_URL: setting(url(['postgres:', 'postgresql:']), null),
  REDIS_URL: setting(url(['redis:', 'rediss:']), null),
  PORT: setting(port, 3000),
  HOST: setting(z.string(), '127.0.0.1'),
  PUBLIC_URL: setting(url(['http:', 'https:']).transform(withoutSlash), null),
  WHARF_DEMO: setting(flag, null),
  WHARF_VAR_DIR: setting(z.string(), 'var'),
  WHARF_MASTER_KEY: setting(masterKey, null),
  WHARF_PRIVATE_ORIGINS: setting(commaList.pipe(z.array(origin)), []),
  WHARF_BACKUP_DIR: setting(z.string(), null),
  WHARF_BACKUP_CRON: setting(cronOrOff, '17 3 * * *'),
  WHARF_BACKUP_KEEP_DAYS: setting(count, 7),
  WHARF_BACKUP_KEEP_WEEKS: setting(count, 4),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  LC_ALL: z.string().default(''),
  LC_MESSAGES: z.string().default(''),
  LANG: z.string().default(''),
  WHARF_METRICS_TOKEN: setting(z.string().min(16, 'must have at least 16 characters'), null),
  WHARF_METRICS_PORT: setting(port, null),
  LOG_LEVEL: setting(z.enum(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
  WHARF_TEST_DATABASE_URL: setting(url(['postgres:', 'postgresql:']), null),
  WHARF_TEST_REDIS_URL: setting(url(['redis:', 'rediss:']), null),
  WHARF_TEST_FIGURES: setting(z.enum(['fast', 'full']), 'fast'),
  WHARF_TEST_TABLE: setting(z.string(), null),
  CI: setting(
    z.string().transform((text) => text !== '0' && text !== 'false'),
    false,
  ),
});

/** What the operator may decide; `.env.example` explains each. Null is "not set". */
export type Env = {
  readonly databaseUrl: string | null;
  /** A login of the operator's own for the reading side (a replica, or a hosted database that lets us make no roles). */
  readonly databaseReadUrl: string | null;
  readonly redisUrl: string | null;
  /** 0 lets the system choose a free one. */
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  /** Null: the choice that was made in the console stands (at first the demo). */
  readonly demo: boolean | null;
  readonly varDir: string;
  /** 32 bytes in base64. */
  readonly masterKey: string | null;
  /** Origins on private addresses that shops may be connected at. */
  readonly privateOrigins: readonly string[];
  /** Where backups are written; below `varDir` unless set. */
  readonly backupDir: string;
  /** When one is taken by itself, UTC; null switches that off. */
  readonly backupCron: string | null;
  /** Which of those are kept: the newest of so many days, and of so many weeks. */
  readonly backupKeep: { readonly days: number; readonly weeks: number };
  /** Where PostgreSQL's client tools are looked for. */
  readonly toolPath: string;
  /** Of whoever sits at the terminal: `zh_CN.UTF-8`. Empty where the shell does not say. */
  readonly locale: string;
  /** Who sends it may read `/metrics`; null: only programs on this machine, and nobody with a PUBLIC_URL. */
  readonly metricsToken: string | null;
  /** Where `wharf worker` answers for its health and metrics; null: nowhere. */
  readonly metricsPort: number | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Tests only: an administrator's login to a PostgreSQL to test on instead of the embedded one. */
  readonly testDatabaseUrl: string | null;
  /** Tests only: a Redis for the queue of stories and of the queue's own tests. */
  readonly testRedisUrl: string | null;
  /** Tests only: how much of each randomised suite runs (test/support/figures.ts). */
  readonly testFigures: 'fast' | 'full';
  /** Tests only: the file to which suites write what they ran, a line of JSON each. */
  readonly testTable: string | null;
  /** On a build server, where a suite that cannot run is a failure. */
  readonly ci: boolean;
};

/**
 * Reads the environment: the only place that does. Throws one Error that names each bad variable and never shows a value
 * that may be a secret.
 */
export function loadEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${String(issue.path[0])}: ${issue.message}`);
    throw new Error(
      `The environment has ${lines.length === 1 ? 'a bad variable' : 'bad variables'}:\n${lines.join('\n')}`,
    );
  }
  const set = parsed.data;
  const varDir = resolve(checkout, set.WHARF_VAR_DIR);
  return {
    databaseUrl: set.DATABASE_URL,
    databaseReadUrl: set.DATABASE_READ_URL,
    redisUrl: set.REDIS_URL,
    port: set.PORT,
    host: set.HOST,
    publicUrl: set.PUBLIC_URL,
    demo: set.WHARF_DEMO,
    varDir,
    masterKey: set.WHARF_MASTER_KEY,
    privateOrigins: set.WHARF_PRIVATE_ORIGINS,
    backupDir: set.WHARF_BACKUP_DIR === null ? join(varDir, 'backups') : resolve(checkout, set.WHARF_BACKUP_DIR),
    backupCron: set.WHARF_BACKUP_CRON === 'off' ? null : set.WHARF_BACKUP_CRON,
    backupKeep: { days: set.WHARF_BACKUP_KEEP_DAYS, weeks: set.WHARF_BACKUP_KEEP_WEEKS },
    toolPath: set.PATH,
    locale: set.LC_ALL || set.LC_MESSAGES || set.LANG,
    metricsToken: set.WHARF_METRICS_TOKEN,
    metricsPort: set.WHARF_METRICS_PORT,
    logLevel: set.LOG_LEVEL,
    testDatabaseUrl: set.WHARF_TEST_DATABASE_URL,
    testRedisUrl: set.WHARF_TEST_REDIS_URL,
    testFigures: set.WHARF_TEST_FIGURES,
    testTable: set.WHARF_TEST_TABLE,
    ci: set.CI,
  };
}

/** The migrations that ship with this program. */
export const migrationsDir = join(checkout, 'migrations');
