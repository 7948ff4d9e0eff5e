import { execFileSync } from 'node:child_process';
import { describe, inject } from 'vitest';
import { loadEnv } from '../../config/env.ts';
import { restoreDrill } from '../support/restore-drill.ts';

const { adminUrl } = inject('servers');
const canRun = adminUrl !== null && hasTools();

/** Dumps are made where the server's own tools are. */
function hasTools(): boolean {
  try {
    execFileSync('pg_dump', ['--version'], { env: { PATH: loadEnv().toolPath } });
    return true;
  } catch {
    console.warn('the drill on a server is skipped: no pg_dump on the PATH');
    return false;
  }
}

describe.runIf(canRun)('a dump of a server’s database, taken at work', () => restoreDrill(adminUrl));
