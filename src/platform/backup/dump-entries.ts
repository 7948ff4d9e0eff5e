import type { Entry } from './archive.ts';
import { runTool } from './dump-tool.ts';

/** The one entry of a `dump`. */
export const dumpPath = 'database.dump';

/** The doorbells' schema is left out: it holds rings of the past, and the queue makes it when it is opened. */
const args = ['--format=custom', '--compress=0', '--no-owner', '--no-privileges', '--exclude-schema=bullmq'];

/** One database as pg_dump writes it, on one snapshot, while others go on writing. */
export async function* dumpEntries(url: string, toolPath: string): AsyncGenerator<Entry> {
  const tool = runTool('pg_dump', args, url, toolPath);
  yield {
    kind: 'file',
    path: dumpPath,
    content: (async function* () {
      for await (const piece of tool.stdout as AsyncIterable<Buffer>) yield piece;
      await tool.finished();
    })(),
  };
}
