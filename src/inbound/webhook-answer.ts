export type WebhookAnswer = {
  readonly status: 200 | 202 | 401 | 404 | 410 | 413 | 503;
  readonly body: { readonly code: string };
  readonly headers: Readonly<Record<string, string>>;
};

export function answer(status: WebhookAnswer['status'], code: string): WebhookAnswer {
  return { status, body: { code }, headers: {} };
}

/** Every channel sends again what was answered so. */
export function tryLater(code: string): WebhookAnswer {
  return { ...answer(503, code), headers: { 'retry-after': '5' } };
}
