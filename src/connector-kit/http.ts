import { Fault } from '../kernel/index.ts';
import { ChannelFault } from './channel-fault.ts';
import type { ConnectorIo } from './connector.ts';
import { isFaultStatus, statusFault, type Rejection } from './http-status.ts';
import { parseLossless } from './lossless.ts';

/** Without an answer by then, a read is `unavailable` and a write `outcome_unknown`. */
const requestTimeoutMsDefault = 20_000;
const responseBytesMaxDefault = 16 * 1024 * 1024;

export type ChannelRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /**
   * `write` when a lost answer leaves the outcome unknown. Not the same as the method: a GraphQL query is a POST that reads.
   */
  readonly intent: 'read' | 'write';
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON value; sent as `application/json`. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
  readonly responseBytesMax?: number;
  /** Reads the vendor's own error out of a 4xx answer; null keeps the mapping by status. It must not carry personal data. */
  readonly rejection?: (status: number, body: unknown) => Rejection | ChannelFault | null;
};

/** A 2xx answer. `json` is parsed without loss (see parseLossless); null when the body is empty. */
export type ChannelResponse = { readonly status: number; readonly headers: Headers; readonly json: unknown };

/**
 * One JSON request through the hub's guarded fetch. Never follows a redirect, never retries. Throws only ChannelFault:
 * by status as in `statusFault`; a network error, a time-out, a cut, too long or unreadable answer is `unavailable` for a
 * read and `outcome_unknown` for a write, unless the connection was never made.
 */
export async function requestJson<Settings>(
  io: ConnectorIo<Settings>,
  request: ChannelRequest,
): Promise<ChannelResponse> {
  const response = await send(io, request);
  const text = await readBody(response, request);
  if (isFaultStatus(response.status)) {
    const rejection = request.rejection?.(response.status, tryParse(text)) ?? null;
    if (rejection instanceof ChannelFault) throw rejection;
    throw statusFault(response.status, response.headers, request.intent, io.now, rejection);
  }
  if (text === '') return { status: response.status, headers: response.headers, json: null };
  try {
    return { status: response.status, headers: response.headers, json: parseLossless(text) };
  } catch (cause) {
    throw lostAnswer(request, 'the answer is not JSON', cause);
  }
}

async function send<Settings>(io: ConnectorIo<Settings>, request: ChannelRequest): Promise<Response> {
  const timeout = AbortSignal.timeout(request.timeoutMs ?? requestTimeoutMsDefault);
  const hasBody = request.body !== undefined;
  try {
    return await io.fetch(request.url, {
      method: request.method,
      headers: {
        accept: 'application/json',
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...request.headers,
      },
      ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
      redirect: 'manual',
      signal: AbortSignal.any([io.signal, timeout]),
    });
  } catch (cause) {
    throw sendFault(request, cause);
  }
}

async function readBody(response: Response, request: ChannelRequest): Promise<string> {
  const limit = request.responseBytesMax ?? responseBytesMaxDefault;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw lostAnswer(request, 'the answer was cut off', cause);
  }
  if (size > limit) throw lostAnswer(request, `the answer is longer than ${limit} bytes`);
  return Buffer.concat(chunks).toString('utf8');
}

/** Errors of undici and the system that are raised before a byte of the request has left. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What a `fetch` that failed means; a write that may have reached the channel is `outcome_unknown`. */
export function sendFault(request: Pick<ChannelRequest, 'intent'>, cause: unknown): ChannelFault {
  if (cause instanceof ChannelFault) return cause;
  if (cause instanceof Fault && (cause.kind === 'forbidden' || cause.kind === 'invalid')) {
    const reason = { kind: 'rejected', code: cause.code, detail: 'refused by the outgoing guard' } as const;
    return new ChannelFault(reason, undefined, { cause });
  }
  if (neverSent.has(systemCode(cause))) return new ChannelFault({ kind: 'unavailable' }, 'no connection', { cause });
  return lostAnswer(request, 'no answer', cause);
}

function lostAnswer(request: Pick<ChannelRequest, 'intent'>, message: string, cause?: unknown): ChannelFault {
  const kind = request.intent === 'write' ? 'outcome_unknown' : 'unavailable';
  return new ChannelFault(
    { kind },
    `${kind.replace('_', ' ')}: ${message}`,
    cause === undefined ? undefined : { cause },
  );
}

function systemCode(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && neverSent.has(at.code)) return at.code;
  }
  return '';
}

function tryParse(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return null;
  }
}
