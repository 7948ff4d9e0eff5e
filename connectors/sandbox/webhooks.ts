import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  isWithinTolerance,
  parseLossless,
  verifyHmac,
  type VerifiedWebhook,
  type WebhookRequest,
  type WebhooksCapability,
} from '../../src/connector-kit/index.ts';
import { write, type SandboxIo } from './client.ts';
import { toDocument } from './orders.ts';
import type { SandboxSettings } from './settings.ts';
import { wireWebhook } from './wire.ts';

/** How far the signed time may be off; the vendor signs each retry anew. */
export const webhookToleranceMs = 5 * 60_000;

/** HMAC SHA-256, hex, over `<event id>.<seconds since 1970>.<raw body>`. */
function verify(settings: SandboxSettings, request: WebhookRequest, now: Date): VerifiedWebhook | null {
  const eventId = request.headers.get('sandbox-event-id');
  const timestamp = request.headers.get('sandbox-timestamp');
  if (eventId === null || eventId === '' || !isWithinTolerance(timestamp, now, webhookToleranceMs)) return null;
  const parts = [`${eventId}.${timestamp}.`, request.rawBody];
  if (!verifyHmac(settings.webhookSecret, parts, 'hex', request.headers.get('sandbox-signature'))) return null;
  return readEvent(eventId, request.rawBody) ?? unreadable(request.rawBody);
}

/** An order event carries the whole order, whose version can be trusted; any other event is none of our business. */
function readEvent(eventId: string, rawBody: Uint8Array): VerifiedWebhook | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
    const { event, order } = wireWebhook.parse(parseLossless(text));
    if (!event.startsWith('order.')) return { dedupeKey: eventId, topic: 'ignored', externalId: null, document: null };
    const document = toDocument(order);
    return { dedupeKey: eventId, topic: 'order', externalId: document.externalId, document };
  } catch {
    return null;
  }
}

function unreadable(rawBody: Uint8Array): VerifiedWebhook {
  const hash = createHash('sha256').update(rawBody).digest('hex');
  return { dedupeKey: `sha256:${hash}`, topic: 'order', externalId: null, document: null };
}

async function register(io: SandboxIo, url: string): Promise<void> {
  await write(io, 'POST', '/webhooks', { url }, z.looseObject({}));
}

export const webhooks: WebhooksCapability<SandboxSettings> = { verify, register };
