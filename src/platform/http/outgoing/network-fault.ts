import { Fault } from '../../../kernel/index.ts';

export type Attempt = { readonly method: string; readonly timeout: AbortSignal; readonly given: AbortSignal | null };

/** Errors that are raised before a byte of the request has left. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * What a failed call means for who made it. A refusal of the guard is thrown as it is; an abort by the caller with the
 * caller's reason. The rest is `unavailable` where the request cannot have had an effect, else `outcome_unknown`.
 */
export function networkFault(error: unknown, attempt: Attempt): unknown {
  if (attempt.given?.aborted === true) return attempt.given.reason;
  const chain = causesOf(error);
  const fault = chain.find((cause) => cause instanceof Fault);
  if (fault !== undefined) return fault;
  if (chain.some((cause) => neverSent.has(systemCode(cause)))) {
    return new Fault('unavailable', 'outgoing.unreachable', { message: 'no connection', cause: error });
  }
  if (chain.some((cause) => cause instanceof Error && cause.message === 'bad port')) {
    return new Fault('invalid', 'outgoing.bad_url', { message: 'fetch does not connect to this port' });
  }
  const hasNoEffect = attempt.method === 'GET' || attempt.method === 'HEAD';
  const kind = hasNoEffect ? 'unavailable' : 'outcome_unknown';
  if (attempt.timeout.aborted)
    return new Fault(kind, 'outgoing.timed_out', { message: 'no answer in time', cause: error });
  if (error instanceof TypeError && error.cause === undefined && !/fetch/.test(error.message)) return error;
  return new Fault(kind, 'outgoing.interrupted', { message: 'the connection broke', cause: error });
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (
    let at = error;
    at !== undefined && at !== null && chain.length < 10;
    at = at instanceof Error ? at.cause : null
  ) {
    chain.push(at);
    if (at instanceof AggregateError) chain.push(...at.errors);
  }
  return chain;
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
