import { webhookHeaders, type WebhookMessage } from '../../../src/connector-kit/index.ts';

export type Outbox = {
  /** All that happened, oldest first: bodies are fixed when they happen, signatures at each attempt. */
  readonly messages: readonly (WebhookMessage & { readonly body: string })[];
  add(type: string, data: unknown): void;
  headers(message: WebhookMessage, options?: { readonly secret?: string; readonly at?: Date }): Headers;
  /** Sends what the hub has not taken yet, in order or as `order` says; answers with the statuses. */
  flush(
    hookUrl: string,
    order?: (waiting: readonly WebhookMessage[]) => readonly WebhookMessage[],
  ): Promise<readonly number[]>;
};

/** The store's side of the wire to the hub. */
export function openOutbox(options: {
  readonly now: () => Date;
  readonly secret: () => string;
  readonly fetch: typeof globalThis.fetch;
}): Outbox {
  const messages: (WebhookMessage & { body: string })[] = [];
  const taken = new Set<string>();
  const headers: Outbox['headers'] = (message, { secret = options.secret(), at = options.now() } = {}) =>
    new Headers({ 'content-type': 'application/json', ...webhookHeaders([secret], message, at) });
  return {
    messages,
    headers,
    add(type, data) {
      const id = `msg_${String(messages.length + 1).padStart(6, '0')}`;
      messages.push({ id, body: JSON.stringify({ type, timestamp: options.now().toISOString(), data }) });
    },
    async flush(hookUrl, order = (waiting) => waiting) {
      const statuses: number[] = [];
      for (const message of order(messages.filter(({ id }) => !taken.has(id)))) {
        const init = { method: 'POST', headers: headers(message), body: message.body };
        const response = await options.fetch(hookUrl, init);
        await response.arrayBuffer();
        if (response.ok) taken.add(message.id);
        statuses.push(response.status);
      }
      return statuses;
    },
  };
}
