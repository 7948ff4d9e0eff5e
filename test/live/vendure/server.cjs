// A plain Vendure server for the live tests, run with the working directory where @vendure/core is installed. Settings come
// from the environment: VENDURE_DATABASE_URL, VENDURE_PORT, VENDURE_DIR, VENDURE_USERNAME, VENDURE_PASSWORD.
const { createRequire } = require('node:module');
const { mkdirSync } = require('node:fs');
const { join } = require('node:path');

const requireInstalled = createRequire(join(process.cwd(), 'package.json'));
const vendure = requireInstalled('@vendure/core');
const { populateInitialData } = requireInstalled('@vendure/core/cli');
const { Client } = requireInstalled('pg');

const env = process.env;
const databaseUrl = new URL(env.VENDURE_DATABASE_URL);
const assetsDir = join(env.VENDURE_DIR, 'assets');

const config = {
  apiOptions: {
    hostname: '127.0.0.1',
    port: Number(env.VENDURE_PORT),
    adminApiPath: 'admin-api',
    shopApiPath: 'shop-api',
    adminListQueryLimit: 1000,
  },
  authOptions: {
    tokenMethod: ['bearer', 'api-key'],
    superadminCredentials: { identifier: env.VENDURE_USERNAME, password: env.VENDURE_PASSWORD },
    requireVerification: false,
  },
  dbConnectionOptions: { type: 'postgres', url: databaseUrl.href, synchronize: true, logging: false },
  paymentOptions: { paymentMethodHandlers: [vendure.dummyPaymentHandler] },
  shippingOptions: { fulfillmentHandlers: [vendure.manualFulfillmentHandler] },
  importExportOptions: { importAssetsDir: assetsDir },
  logger: new vendure.DefaultLogger({ level: vendure.LogLevel.Warn, timestamp: true }),
};

const settlesAtOnce = (settles) => ({
  code: 'dummy-payment-handler',
  arguments: [{ name: 'automaticSettle', value: String(settles) }],
});

const initialData = {
  defaultLanguage: 'en',
  defaultZone: 'Europe',
  countries: [
    { code: 'DE', name: 'Germany', zone: 'Europe' },
    { code: 'AT', name: 'Austria', zone: 'Europe' },
  ],
  taxRates: [
    { name: 'Standard', percentage: 19 },
    { name: 'Reduced', percentage: 7 },
    { name: 'Zero', percentage: 0 },
  ],
  shippingMethods: [
    { name: 'Standard Shipping', price: 490, taxRate: 19 },
    { name: 'Express Shipping', price: 1290, taxRate: 19 },
  ],
  paymentMethods: [
    { name: 'Instant', handler: settlesAtOnce(true) },
    { name: 'Authorize', handler: settlesAtOnce(false) },
  ],
  collections: [],
};

async function createDatabase() {
  const name = databaseUrl.pathname.slice(1);
  const maintenance = new URL(databaseUrl.href);
  maintenance.pathname = '/postgres';
  const client = new Client({ connectionString: maintenance.href });
  await client.connect();
  const found = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  await client.end();
}

async function main() {
  mkdirSync(assetsDir, { recursive: true });
  await createDatabase();
  const app = await vendure.bootstrap(config);
  await app.get(vendure.JobQueueService).start();
  const [{ count }] = await app.get(vendure.TransactionalConnection).rawConnection.query('select count(*) from zone');
  if (Number(count) === 0) await populateInitialData(app, initialData);
  process.stdout.write('vendure is ready\n');
}

// The parent holds the other end: when it dies, however it dies, this server goes too.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
