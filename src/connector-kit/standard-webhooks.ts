import { randomBytes } from 'node:crypto';
import { isWithinTolerance, signHmac, verifyHmac } from './signing.ts';

/**
 * Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md), symmetric: HMAC SHA-256
 * over `<id>.<seconds since 1970>.<raw body>`, base64, behind `v1,`; several signatures are divided by a space.
 */

export const webhookToleranceMs = 5 * 60_000;

const secretPrefix = 'whsec_';
/** The specification: between 24 and 64 bytes. */
const secretPattern = /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function isWebhookSecret(text: string): boolean {
  return secretPattern.test(text);
}

export function newWebhookSecret(): string {
  return secretPrefix + randomBytes(32).toString('base64');
}

export type WebhookMessage = {
  /** Stable over retries: what the receiver knows a repeat by. */
  readonly id: string;
  readonly body: string | Uint8Array;
};

/** The three headers of one attempt at `at`. Signed by each secret, the current one first. */
export function webhookHeaders(
  secrets: readonly string[],
  message: WebhookMessage,
  at: Date,
): { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string } {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${signHmac(keyOf(secret), [`${message.id}.${timestamp}.`, message.body], 'base64')}`,
  );
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

const idPattern = /^[\x21-\x2d\x2f-\x7e]{1,200}$/;
const entryPattern = /^v\d{1,3}[a-z]?,[A-Za-z0-9+/]{1,200}={0,2}$/;
const signaturesMax = 10;

/**
 * The id of a message that one of `secrets` signed, at most `webhookToleranceMs` from `now`; null for any other. Signatures of
 * versions that we do not know are passed over; a header that is not such a list verifies nothing.
 */
export function verifyWebhook(
  secrets: readonly string[],
  request: { readonly headers: Headers; readonly rawBody: Uint8Array },
  now: Date,
): string | null {
  const id = request.headers.get('webhook-id');
  const timestamp = request.headers.get('webhook-timestamp');
  const entries = (request.headers.get('webhook-signature') ?? '').split(' ');
  // A point in the id would let another id and time share one signature.
  if (id === null || !idPattern.test(id) || !isWithinTolerance(timestamp, now, webhookToleranceMs)) return null;
  if (entries.length > signaturesMax || !entries.every((entry) => entryPattern.test(entry))) return null;
  const parts = [`${id}.${timestamp}.`, request.rawBody];
  const given = entries.filter((entry) => entry.startsWith('v1,')).map((entry) => entry.slice(3));
  const isSigned = secrets.some((secret) =>
    given.some((signature) => verifyHmac(keyOf(secret), parts, 'base64', signature)),
  );
  return isSigned ? id : null;
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret, 'base64');
}
