import { join } from 'node:path';
import type { Env } from '../../config/env.ts';

/** Where heads of a database's chain of audit seals are kept, outside of it. */
export function auditHeadsFile(env: Env, databaseUrl: string): string {
  const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1)).replaceAll(/[^\w.-]/g, '_');
  return join(env.varDir, 'audit-heads', `${name === '' ? 'default' : name}.jsonl`);
}
