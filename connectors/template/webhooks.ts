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
import { write, type AcmeShopIo } from './client.ts';
import type { AcmeShopSettings } from './settings.ts';
import { wireEvent } from './wire.ts';

/** How far the signed time may be off. */
export const webhookToleranceMs = 5 * 60_000;

/** HMAC SHA-256, hex, over `<event id>.<seconds since 1970>.<raw body>`: the bytes as they came, never parsed and written again. */
function verify(settings: AcmeShopSettings, request: WebhookRequest, now: Date): VerifiedWebhook | null {
  const eventId = request.headers.get('acme-shop-event-id');
  const timestamp = request.headers.get('acme-shop-timestamp');
  if (eventId === null || eventId === '' || !isWithinTolerance(timestamp, now, webhookToleranceMs)) return null;
  const parts = [`${eventId}.${timestamp}.`, request.rawBody];
  if (!verifyHmac(settings.webhookSecret, parts, 'hex', request.headers.get('acme-shop-signature'))) return null;
  return readEvent(eventId, request.rawBody) ?? unreadable(request.rawBody);
}

/** An event names an order and does not carry it: the hub reads the order again. */
function readEvent(eventId: string, rawBody: Uint8Array): VerifiedWebhook | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
    const { event, order_id: externalId } = wireEvent.parse(parseLossless(text));
    const topic = event.startsWith('order.') && externalId !== null ? 'order' : 'ignored';
    return { dedupeKey: eventId, topic, externalId, document: null };
  } catch {
    return null;
  }
}

/** Well signed, and not to be read: kept under its hash, so that a person can look at it. */
function unreadable(rawBody: Uint8Array): VerifiedWebhook {
  const hash = createHash('sha256').update(rawBody).digest('hex');
  return { dedupeKey: `sha256:${hash}`, topic: 'order', externalId: null, document: null };
}

/** The same address twice is one subscription. */
async function register(io: AcmeShopIo, url: string): Promise<void> {
  await write(io, 'PUT', '/webhook', { url }, z.looseObject({}));
}

export const webhooks: WebhooksCapability<AcmeShopSettings> = { verify, register };
