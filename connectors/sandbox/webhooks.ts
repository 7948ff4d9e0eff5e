import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  isWithinTolerance,
  parseLossless,
  readEnvelope,
  verifyHmac,
  type VerifiedWebhook,
  type WebhookRequest,
  type WebhooksCapability,
} from '../../src/connector-kit/index.ts';
import type { Dialect } from './dialect.ts';
import { write, type SandboxIo } from './client.ts';
import type { MaskedSettings } from './settings.ts';
import { wireMessage, wireOrderHead, wireThinWebhook, wireWebhook } from './wire.ts';

/** How far the signed time may be off; the vendor signs each retry anew. */
export const webhookToleranceMs = 5 * 60_000;

type Keyed = { readonly webhookSecret: string };

/** HMAC SHA-256, hex, over `<event id>.<seconds since 1970>.<raw body>`. The body is read by `read`. */
export function timedWebhooks<Settings extends Keyed>(read: ReadBody): Verify<Settings> {
  return (settings, request, now) => {
    const eventId = request.headers.get('sandbox-event-id');
    const timestamp = request.headers.get('sandbox-timestamp');
    if (eventId === null || eventId === '' || !isWithinTolerance(timestamp, now, webhookToleranceMs)) return null;
    const parts = [`${eventId}.${timestamp}.`, request.rawBody];
    if (!verifyHmac(settings.webhookSecret, parts, 'hex', request.headers.get('sandbox-signature'))) return null;
    return readWith(read, eventId, request.rawBody);
  };
}

type Verify<Settings> = WebhooksCapability<Settings>['verify'];

/** What a well-signed body says; throws on one that cannot be read. */
export type ReadBody = (eventId: string, body: string) => VerifiedWebhook;

/** The whole order, whose version can be trusted; any other event is none of our business. */
export function wholeOrder(dialect: Dialect): ReadBody {
  return (eventId, body) => {
    const { scalars, document: told } = readEnvelope(body, 'order');
    const { event } = wireWebhook.parse(scalars);
    if (!event.startsWith('order.')) return { dedupeKey: eventId, topic: 'ignored', externalId: null, document: null };
    if (told === null) throw new SyntaxError('the webhook holds no order');
    const { id: externalId } = wireOrderHead.parse(told.scalars);
    const document = { externalId, body: told.text, version: dialect.versionOf(told.scalars) };
    return { dedupeKey: eventId, topic: 'order', externalId, document };
  };
}

/** Which order it is about: the hub reads it. */
export const orderIdOnly: ReadBody = (eventId, body) => {
  const { order_id: externalId } = wireThinWebhook.parse(parseLossless(body));
  return { dedupeKey: eventId, topic: 'order', externalId, document: null };
};

/** HMAC SHA-256, hex, over the app's key and the raw body: no time is signed, and a replay is a repeat of its message id. */
export const messages: Verify<MaskedSettings> = (settings, request) => {
  const signature = request.headers.get('sandbox-signature');
  if (!verifyHmac(settings.appSecret, [settings.appKey, request.rawBody], 'hex', signature)) return null;
  return readWith(readMessage, '', request.rawBody);
};

const readMessage: ReadBody = (_, body) => {
  const { message_id: dedupeKey, topic, tid: externalId } = wireMessage.parse(parseLossless(body));
  if (topic !== 'trade') return { dedupeKey, topic: 'ignored', externalId: null, document: null };
  return { dedupeKey, topic: 'order', externalId, document: null };
};

function readWith(read: ReadBody, eventId: string, rawBody: WebhookRequest['rawBody']): VerifiedWebhook {
  try {
    return read(eventId, new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch {
    const hash = createHash('sha256').update(rawBody).digest('hex');
    return { dedupeKey: `sha256:${hash}`, topic: 'order', externalId: null, document: null };
  }
}

export async function register(io: SandboxIo, url: string): Promise<void> {
  await write(io, 'POST', '/webhooks', { url }, z.looseObject({}));
}
