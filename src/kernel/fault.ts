/** What kind of thing went wrong. HTTP status, retry and tone are chosen from the kind, each in one place. */
export type FaultKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'gone'
  | 'conflict'
  | 'precondition_failed'
  | 'too_large'
  | 'unsupported_type'
  | 'rate_limited'
  | 'unavailable'
  | 'outcome_unknown'
  | 'internal';

export type FaultData = Readonly<Record<string, unknown>>;

/** One field of the input that was refused: where it stands (`lines.2.quantity`) and a stable reason. */
export type FieldFault = { readonly path: string; readonly code: string; readonly message: string };

/**
 * An expected failure: a kind, a stable code (`order.version_conflict`) and data that may be shown to the caller.
 * Never put secrets or personal data into `data`.
 */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: string;
  readonly data: FaultData;
  readonly fields: readonly FieldFault[];
  readonly retryAfterMs: number | null;

  constructor(
    kind: FaultKind,
    code: string,
    options: {
      message?: string;
      data?: FaultData;
      fields?: readonly FieldFault[];
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(options.message ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.code = code;
    this.data = options.data ?? {};
    this.fields = options.fields ?? [];
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Whether the same call may succeed later, unchanged. An unknown outcome is not transient: it must be read back first. */
export function isTransient(error: unknown): boolean {
  return error instanceof Fault && (error.kind === 'rate_limited' || error.kind === 'unavailable');
}

export function invalidField(path: string, code: string, message: string): Fault {
  return new Fault('invalid', 'input.invalid', { message: `${path}: ${message}`, fields: [{ path, code, message }] });
}
