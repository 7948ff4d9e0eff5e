import { ChannelFault } from './channel-fault.ts';
import type { ConnectorIo } from './connector.ts';
import { sendFault } from './http.ts';
import { retryAfterMs } from './http-status.ts';
import { webhookHeaders } from './standard-webhooks.ts';

/** The example schedule of Standard Webhooks 1.0.0: ten attempts over a little more than three days. */
export const webhookRetryDelaysMs: readonly number[] = [
  5_000,
  5 * 60_000,
  30 * 60_000,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 3_600_000),
];

export const deliveryTimeoutMs = 15_000;
const excerptBytesMax = 500;

/** One attempt to deliver one message, as the log keeps it. */
export type DeliveryAttempt = {
  readonly messageId: string;
  /** `stock.updated`, `shipment.shipped`, … */
  readonly type: string;
  readonly durationMs: number;
  /** Null where no answer came. */
  readonly status: number | null;
  /** The beginning of an answer that was no success. */
  readonly excerpt: string | null;
  /** Kind of the fault and, where no answer came, why; null on success. */
  readonly error: string | null;
};

export type OutgoingMessage = {
  readonly url: string;
  /** Tried in this order by the receiver: the current secret first, during a rotation the one before it too. */
  readonly secrets: readonly string[];
  /** Stable over retries. */
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
};

/**
 * One attempt to deliver one message as Standard Webhooks ask: `{ type, timestamp, data }`, signed for this attempt; any 2xx
 * within 15 s is success; redirects are not followed. Throws ChannelFault: 410 `gone`, 401 and 403 `unauthorised`, 429
 * `rate_limited`, 503 `unavailable`, other 5xx `outcome_unknown`, other answers `rejected`; no answer is `outcome_unknown`, or
 * `unavailable` where nothing was sent. The attempt is noted in any case.
 */
export async function deliver(io: ConnectorIo<unknown>, message: OutgoingMessage): Promise<void> {
  const startedMs = performance.now();
  const note = (outcome: Pick<DeliveryAttempt, 'status' | 'excerpt' | 'error'>): void =>
    io.noteDelivery?.({
      messageId: message.id,
      type: message.type,
      durationMs: Math.round(performance.now() - startedMs),
      ...outcome,
    });
  let status: number | null = null;
  try {
    const response = await post(io, message);
    ({ status } = response);
    const excerpt = await readExcerpt(response);
    const fault = answerFault(response, io.now);
    note({ status, excerpt: fault === null ? null : excerpt, error: fault?.kind ?? null });
    if (fault !== null) throw fault;
  } catch (cause) {
    if (status !== null || io.signal.aborted) throw cause;
    const fault = sendFault({ intent: 'write' }, cause);
    note({ status, excerpt: null, error: fault.message });
    throw fault;
  }
}

function post(io: ConnectorIo<unknown>, message: OutgoingMessage): Promise<Response> {
  const { type, data } = message;
  const body = JSON.stringify({ type, timestamp: io.now.toISOString(), data });
  return io.fetch(message.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Wharf-Webhooks/1.0',
      ...webhookHeaders(message.secrets, { id: message.id, body }, io.now),
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.any([io.signal, AbortSignal.timeout(deliveryTimeoutMs)]),
  });
}

function answerFault({ status, headers }: Response, now: Date): ChannelFault | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return new ChannelFault({ kind: 'gone' }, 'gone: HTTP 410');
  if (status === 401 || status === 403)
    return new ChannelFault({ kind: 'unauthorised' }, `unauthorised: HTTP ${status}`);
  const askedMs = retryAfterMs(headers.get('retry-after'), now);
  if (status === 429) return new ChannelFault({ kind: 'rate_limited', retryAfterMs: askedMs });
  if (status === 503) return new ChannelFault({ kind: 'unavailable' }, `unavailable: HTTP ${status}`);
  if (status >= 500) return new ChannelFault({ kind: 'outcome_unknown' }, `outcome unknown: HTTP ${status}`);
  return new ChannelFault({ kind: 'rejected', code: `http_${status}`, detail: `HTTP ${status}` });
}

/** The status has decided already: an answer that breaks off, or goes on and on, changes nothing. */
async function readExcerpt(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= excerptBytesMax) break;
    }
  } catch {
    // What came is enough.
  }
  return Buffer.concat(chunks).subarray(0, excerptBytesMax).toString('utf8');
}
