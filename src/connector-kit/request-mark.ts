/**
 * For a channel without idempotency keys: our request id rides at the end of a refund's reason, where a repeat finds it:
 * "damaged [wharf:0192…]".
 */
export function markReason(reason: string, requestId: string): string {
  return `${reason} [wharf:${requestId}]`.trimStart();
}

export function readRequestId(reason: string | null): {
  readonly text: string | null;
  readonly requestId: string | null;
} {
  if (reason === null) return { text: null, requestId: null };
  const match = /^(.*?) ?\[wharf:([^\]]+)\]$/s.exec(reason);
  if (match === null) return { text: reason, requestId: null };
  return { text: match[1] ?? '', requestId: match[2] ?? null };
}
