import { signHmac } from '../../../src/connector-kit/index.ts';
import type { FakeEvent, FakeState } from './state.ts';

const attemptTimeoutMs = 5_000;

/** The headers the vendor sends with an event, at its clock and with the shop's secret unless told otherwise. */
export function signedHeaders(
  state: FakeState,
  event: FakeEvent,
  options: { readonly secret?: string; readonly at?: Date } = {},
): Headers {
  const { secret = state.webhookSecret, at = state.now() } = options;
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return new Headers({
    'content-type': 'application/json',
    'acme-shop-event-id': event.id,
    'acme-shop-timestamp': timestamp,
    'acme-shop-signature': signHmac(secret, [`${event.id}.${timestamp}.`, event.body], 'hex'),
  });
}

/** Sends each event once, as it happens. One that is not taken is gone: the hub finds the order by polling. */
export function sendWebhooks(state: FakeState): void {
  state.onEvent = (event) => {
    if (state.webhookUrl === null) return;
    const init = { method: 'POST', headers: signedHeaders(state, event), body: event.body };
    fetch(state.webhookUrl, { ...init, signal: AbortSignal.timeout(attemptTimeoutMs) }).then(
      (response) => response.body?.cancel(),
      () => undefined,
    );
  };
}
