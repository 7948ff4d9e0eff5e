import { Fault } from '../kernel/index.ts';
import type { CallOutcome } from '../platform/metrics/index.ts';
import type { ShopDeps } from './deps.ts';

/** The same fetch, each call of which is measured under its shop. A call for no shop (a new connection) is not. */
export function meteredFetch(
  { metrics }: Pick<ShopDeps, 'metrics'>,
  shopId: string | null,
  fetch: typeof globalThis.fetch,
): typeof globalThis.fetch {
  if (metrics === undefined || shopId === null) return fetch;
  return async (input, init) => {
    const startedMs = performance.now();
    const end = (outcome: CallOutcome): void =>
      metrics.observeCall({ shopId, outcome, durationMs: performance.now() - startedMs });
    try {
      const response = await fetch(input, init);
      end(outcomeOf(response.status));
      return response;
    } catch (error) {
      end(outcomeOfError(error));
      throw error;
    }
  };
}

function outcomeOf(status: number): CallOutcome {
  if (status === 429) return 'throttled';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'ok';
}

function outcomeOfError(error: unknown): CallOutcome {
  if (!(error instanceof Fault)) return 'aborted';
  return error.kind === 'outcome_unknown' ? 'unknown' : 'unreachable';
}
