import { migrate } from '../../src/platform/db/index.ts';
import { quietLog } from './quiet-log.ts';

// A process of its own that migrates: `run-migrate.ts <url> <folder>`. Prints how many files it applied.
const [url = '', dir = ''] = process.argv.slice(2);
const { applied } = await migrate(url, { dir, log: quietLog });
process.stdout.write(`${applied.length}\n`);
