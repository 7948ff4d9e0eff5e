// Not through the slice's door: the tests start dozens of these, and drizzle would be most of their time.
import { startEmbedded } from '../../src/platform/db/embedded/start-embedded.ts';
import { quietLog } from './quiet-log.ts';

// A process of its own that owns an embedded server: `run-embedded.ts <folder>`. Prints one line once it is ready and
// stops the server on SIGINT, as `wharf start` does.
const [dir = ''] = process.argv.slice(2);
const server = await startEmbedded({ dir, durable: false, log: quietLog });
const keepAlive = setInterval(() => undefined, 60_000);
process.on('SIGINT', () => {
  clearInterval(keepAlive);
  void server.stop();
});
process.stdout.write(`${JSON.stringify({ pid: server.pid, url: server.adminUrl, adopted: server.adopted })}\n`);
