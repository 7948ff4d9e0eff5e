import type { Env } from '../../../config/env.ts';
import { Fault } from '../../kernel/index.ts';

/** For processes that share a database with others: an embedded one belongs to `wharf start`. */
export function needDatabaseUrl(env: Env): string {
  if (env.databaseUrl !== null) return env.databaseUrl;
  throw new Fault('invalid', 'env.database_url_missing', {
    message: 'server and worker alone need DATABASE_URL; "wharf start" brings its own database',
  });
}
