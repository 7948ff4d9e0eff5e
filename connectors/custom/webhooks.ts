import { createHash } from 'node:crypto';
import {
  holdsNul,
  newWebhookSecret,
  toldListing,
  toldOrder,
  verifyWebhook,
  type VerifiedWebhook,
  type WebhookRequest,
  type WebhooksCapability,
} from '../../src/connector-kit/index.ts';
import { fromChannelListing } from './listings.ts';
import { fromChannelOrder } from './orders.ts';
import { secretsAt, type CustomSettings } from './settings.ts';
import { wireCancel, wireMessage, wireOrderHead } from './wire.ts';

type Told = Omit<VerifiedWebhook, 'dedupeKey'>;

function verify(settings: CustomSettings, request: WebhookRequest, now: Date): VerifiedWebhook | null {
  const id = verifyWebhook(secretsAt(settings, now), request, now);
  if (id === null) return null;
  const told = readMessage(request.rawBody);
  return told === null ? unreadable(request.rawBody) : { dedupeKey: id, ...told };
}

function readMessage(rawBody: Uint8Array): Told | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
    if (holdsNul(text)) return null;
    const { type, timestamp, data } = wireMessage.parse(JSON.parse(text));
    return readData(type, data, new Date(timestamp));
  } catch {
    return null;
  }
}

/** Throws where the data is not what the type says. Types of the other direction, and later ones, are none of our business. */
function readData(type: string, data: unknown, toldAt: Date): Told {
  switch (type) {
    case 'order.created':
    case 'order.updated':
      return readOrder(data, toldAt);
    case 'order.cancelled': {
      const notice = wireCancel.safeParse(data);
      if (!notice.success) return readOrder(data, toldAt);
      const { externalId: orderId, ...cancel } = notice.data;
      return { topic: 'order', externalId: orderId, document: null, toldAt, cancel };
    }
    case 'listing.updated': {
      const document = fromChannelListing(toldListing.parse(data));
      return { topic: 'listing', externalId: document.externalId, document, toldAt };
    }
    default:
      return { topic: 'ignored', externalId: null, document: null };
  }
}

/** One that is not an order as a whole goes on all the same: it is parked under its id, and its bad fields are named. */
function readOrder(data: unknown, toldAt: Date): Told {
  const order = toldOrder.safeParse(data);
  const head = wireOrderHead.parse(data);
  const document = order.success
    ? fromChannelOrder(order.data)
    : { externalId: head.externalId, version: head.version, body: JSON.stringify(data) };
  return { topic: 'order', externalId: document.externalId, document, toldAt };
}

function unreadable(rawBody: Uint8Array): VerifiedWebhook {
  const hash = createHash('sha256').update(rawBody).digest('hex');
  return { dedupeKey: `sha256:${hash}`, topic: 'order', externalId: null, document: null };
}

function rotateSecret(settings: CustomSettings, previousUntil: Date): { settings: CustomSettings; secret: string } {
  const secret = newWebhookSecret();
  const previous = { previousSecret: settings.signingSecret, previousUntil: previousUntil.toISOString() };
  return { settings: { ...settings, ...previous, signingSecret: secret }, secret };
}

export const webhooks: WebhooksCapability<CustomSettings> = { verify, rotateSecret };
