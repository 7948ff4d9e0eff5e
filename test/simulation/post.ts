/** A webhook on its way: what the channel sent, and how it hears of the outcome. */
export type Letter = {
  readonly number: number;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  /** The answer that the channel gets. */
  answer(status: number): void;
  /** The channel never hears. */
  lose(): void;
};

/** Webhooks between being sent and being delivered: any may come first, twice or never. */
export type Post = { readonly letters: Letter[]; readonly fetch: typeof globalThis.fetch };

export function createPost(): Post {
  const letters: Letter[] = [];
  let sent = 0;
  const fetch: typeof globalThis.fetch = (input, init) =>
    new Promise((resolve, reject) => {
      const request = new Request(input, { ...init, signal: null, body: null });
      sent += 1;
      letters.push({
        number: sent,
        url: request.url,
        headers: request.headers,
        body: typeof init?.body === 'string' ? init.body : '',
        answer: (status) => resolve(new Response(null, { status })),
        lose: () => reject(new Error('no answer')),
      });
    });
  return { letters, fetch };
}
