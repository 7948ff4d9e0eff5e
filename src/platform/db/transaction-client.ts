import { drizzle } from 'drizzle-orm/node-postgres';
import type { PoolClient } from 'pg';
import { Fault } from '../../kernel/index.ts';
import type { Tx } from './context.ts';
import { isConnectionLost, isContention } from './sql-error.ts';
import { doom, type TransactionScope } from './transaction-scope.ts';

/**
 * Drizzle over one connection for the length of one transaction. A statement that comes after the end of the
 * transaction, or after its connection has died, is refused here, so that it can never run (and commit) on its own.
 */
export function transactionClient(client: PoolClient, scope: TransactionScope): Tx {
  const guarded = {
    async query(...args: unknown[]): Promise<unknown> {
      if (!scope.open) throw new Error('a statement came after the end of its transaction: an await is missing');
      if (isConnectionLost(scope.doomedBy)) throw scope.doomedBy;
      try {
        return await Reflect.apply(client.query, client, args);
      } catch (error) {
        if (isConnectionLost(error) || isContention(error)) doom(scope, error);
        throw error;
      }
    },
  };
  const tx = drizzle(guarded as unknown as PoolClient);
  tx.transaction = () => {
    throw new Fault('internal', 'database.nested_transaction', { message: 'use savepoint(ctx, work)' });
  };
  return tx;
}
