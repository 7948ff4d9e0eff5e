import { Command } from 'commander';
import { auditCommand } from './audit.ts';
import { backupCommand } from './backup.ts';
import { connectorCommand } from './connector.ts';
import { doctorCommand } from './doctor.ts';
import { deliveryCommand } from './delivery.ts';
import { exceptionCommand } from './exception.ts';
import { explainCommand } from './explain.ts';
import { invoiceCommand } from './invoice.ts';
import { listingCommand } from './listing.ts';
import { migrateCommand } from './migrate.ts';
import { orderCommand } from './order.ts';
import { returnCommand } from './return.ts';
import { recoveryCommand } from './recovery.ts';
import { replayCommand } from './replay.ts';
import { restoreCommand } from './restore.ts';
import { serverCommand } from './server.ts';
import { shipmentCommand } from './shipment.ts';
import { shopCommand } from './shop.ts';
import { startCommand } from './start.ts';
import { stockCommand } from './stock.ts';
import { tokenCommand } from './token.ts';
import { workerCommand } from './worker.ts';
import { version } from '../version.ts';

/** Every command of the program. Nothing runs before it is parsed. */
export function buildProgram(): Command {
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
  return program;
}
