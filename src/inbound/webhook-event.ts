import type { ShopSession } from '../channels/index.ts';
import type { VerifiedWebhook, WebhookRequest } from '../connector-kit/index.ts';
import { newId } from '../kernel/index.ts';
import { contentHash } from './content-hash.ts';
import type { NewEvent } from './insert-events.ts';

/** A delivery whose signature is good. */
export type Delivery = {
  readonly session: ShopSession;
  readonly request: WebhookRequest;
  readonly verified: VerifiedWebhook;
  /** Somebody else takes in a message about the same order: it has to wait, and its neighbours need not. */
  readonly isHeld?: boolean;
};

/** A message without a document is done once it has asked for a read; one that cannot be read waits for a person. */
export function toEvent({ request, verified }: Delivery): NewEvent {
  const { document } = verified;
  const topic = topicOf(verified);
  const body = document === null ? request.rawBody : Buffer.from(document.body, 'utf8');
  return {
    id: newId<'inbox_event'>(),
    source: 'webhook',
    topic,
    externalId: document?.externalId ?? verified.externalId,
    dedupeKey: `webhook:${verified.dedupeKey}`,
    state: stateOf[topic],
    contentHash: contentHash(body),
    sourceVersion: document?.version ?? null,
    readStartedAt: verified.toldAt ?? null,
    isBackfill: false,
    cause: topic === 'unreadable' ? { code: 'webhook.unreadable' } : null,
    body,
  };
}

const stateOf: Readonly<Record<NewEvent['topic'], NewEvent['state']>> = {
  order: 'pending',
  order_notice: 'applied',
  listing: 'applied',
  stock: 'applied',
  unreadable: 'parked',
};

export function topicOf({ topic, document, externalId }: VerifiedWebhook): NewEvent['topic'] {
  if (topic === 'listing' || topic === 'stock') return topic;
  if (document !== null) return 'order';
  return externalId === null ? 'unreadable' : 'order_notice';
}
