import type { Pool } from 'pg';
import * as defaults from '../../../config/defaults.ts';
import type { Log } from '../log/index.ts';
import type { Tx } from './context.ts';
import { toFault } from './sql-error.ts';
import { transactionClient } from './transaction-client.ts';
import type { TransactionScope } from './transaction-scope.ts';
import { openPool } from './write-pool.ts';

export type Snapshots = {
  readonly pool: Pool;
  run<Result>(work: (db: Tx) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

/**
 * Reads that must agree with each other (the audit): one REPEATABLE READ, READ ONLY transaction with its own, longer
 * limit, as the reader. Over `pg`, because a `begin()` of postgres.js goes on after its connection dropped.
 */
export function openSnapshots(url: string, log: Log): Snapshots {
  const pool = openPool(url, {
    size: defaults.snapshotPoolSize,
    statementTimeoutMs: defaults.snapshotStatementTimeoutMs,
    applicationName: 'wharf-snapshot',
    readOnly: true,
    log,
  });
  return {
    pool,
    async run(work) {
      const scope: TransactionScope = { open: true, doomedBy: null };
      try {
        const client = await pool.connect();
        try {
          await client.query('begin isolation level repeatable read read only');
          return await work(transactionClient(client, scope));
        } finally {
          scope.open = false;
          const ended = await client.query('rollback').then(
            () => true,
            () => false,
          );
          client.release(!ended);
        }
      } catch (error) {
        throw toFault(error);
      }
    },
    close: () => pool.end(),
  };
}
