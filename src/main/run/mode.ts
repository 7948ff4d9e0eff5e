import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../../../config/env.ts';

/** Which database a start opens: the demo's own, or the seller's. */
export type Mode = 'demo' | 'real';

/** WHARF_DEMO decides; else what was chosen before; else a hub of one's own with a DATABASE_URL, and the demo without. */
export function readMode(env: Env): Mode {
  if (env.demo !== null) return env.demo ? 'demo' : 'real';
  if (env.databaseUrl !== null) return 'real';
  try {
    return readFileSync(modeFile(env), 'utf8').trim() === 'real' ? 'real' : 'demo';
  } catch {
    return 'demo';
  }
}

/** "Start for real": from the next start on. */
export function chooseMode(env: Env, mode: Mode): void {
  mkdirSync(env.varDir, { recursive: true });
  writeFileSync(modeFile(env), `${mode}\n`);
}

export function databaseName(mode: Mode): string {
  return mode === 'demo' ? 'wharf_demo' : 'wharf';
}

function modeFile(env: Env): string {
  return join(env.varDir, 'mode');
}
