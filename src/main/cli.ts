import { Command } from 'commander';
import { auditCommand } from './cli/audit.ts';
import { backupCommand } from './cli/backup.ts';
import { connectorCommand } from './cli/connector.ts';
import { doctorCommand } from './cli/doctor.ts';
import { deliveryCommand } from './cli/delivery.ts';
import { exceptionCommand } from './cli/exception.ts';
import { explainCommand } from './cli/explain.ts';
import { failWith } from './cli/fail.ts';
import { invoiceCommand } from './cli/invoice.ts';
import { listingCommand } from './cli/listing.ts';
import { migrateCommand } from './cli/migrate.ts';
import { orderCommand } from './cli/order.ts';
import { returnCommand } from './cli/return.ts';
import { recoveryCommand } from './cli/recovery.ts';
import { replayCommand } from './cli/replay.ts';
import { restoreCommand } from './cli/restore.ts';
import { serverCommand } from './cli/server.ts';
import { shipmentCommand } from './cli/shipment.ts';
import { shopCommand } from './cli/shop.ts';
import { startCommand } from './cli/start.ts';
import { stockCommand } from './cli/stock.ts';
import { tokenCommand } from './cli/token.ts';
import { workerCommand } from './cli/worker.ts';
import { version } from './version.ts';

const program = new Command('wharf')
  .description('One hub for the orders, stock and shipments of every shop.')
  .version(version)
  .option('--json', 'print JSON instead of tables')
  .showHelpAfterError('(wharf --help shows what there is)')
  .addHelpText(
    'after',
    `
Settings are environment variables; config/.env.example explains each. Without DATABASE_URL the commands use the embedded
PostgreSQL below var/, which they join when it runs and start when it does not.`,
  );

const commands = [
  startCommand,
  serverCommand,
  workerCommand,
  migrateCommand,
  shopCommand,
  listingCommand,
  orderCommand,
  stockCommand,
  shipmentCommand,
  deliveryCommand,
  returnCommand,
  invoiceCommand,
  exceptionCommand,
  explainCommand,
  connectorCommand,
  tokenCommand,
  auditCommand,
  doctorCommand,
  replayCommand,
  backupCommand,
  restoreCommand,
  recoveryCommand,
];
for (const command of commands) program.addCommand(command());

program.parseAsync().catch(failWith);
