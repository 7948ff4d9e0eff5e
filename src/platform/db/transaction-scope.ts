import { AsyncLocalStorage } from 'node:async_hooks';

/** What `transact` knows of the transaction that the running code stands in. */
export type TransactionScope = {
  /** False from the moment that COMMIT or ROLLBACK is sent: statements that come later are refused. */
  open: boolean;
  /** The first failure after which the transaction must not commit, whoever caught it. */
  doomedBy: unknown;
};

const scopes = new AsyncLocalStorage<TransactionScope>();

export function runInScope<Result>(scope: TransactionScope, work: () => Promise<Result>): Promise<Result> {
  return scopes.run(scope, work);
}

/** The open transaction around the caller. Code that outlives its transaction (a timer set inside) stands in none. */
export function currentScope(): TransactionScope | null {
  const scope = scopes.getStore();
  return scope?.open === true ? scope : null;
}

/** Makes the transaction fail at its end even where the error is caught on the way. */
export function doom(scope: TransactionScope, error: unknown): void {
  scope.doomedBy ??= error;
}
