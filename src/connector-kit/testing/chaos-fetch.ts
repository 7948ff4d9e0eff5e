/** What the layer does to requests until it is told otherwise. Writes are counted from 1, from the moment a fault is set. */
export type ChaosFault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection breaks before the channel sees anything. */
  | { readonly kind: 'cut' }
  /** The channel commits the nth write; its answer never comes. */
  | { readonly kind: 'lose_answer'; readonly write: number }
  /** The nth write never reaches the channel, and nobody can tell. */
  | { readonly kind: 'lose_request'; readonly write: number };

export type ChaosFetch = {
  readonly fetch: typeof globalThis.fetch;
  set(fault: ChaosFault | null): void;
  /** Writes seen since the fault was set, the lost one included. */
  writes(): number;
};

/** A layer of faults between a connector and its channel. */
export function chaosFetch(
  inner: typeof globalThis.fetch,
  isWrite: (request: Request) => boolean | Promise<boolean>,
): ChaosFetch {
  let fault: ChaosFault | null = null;
  let writes = 0;
  return {
    set(next) {
      fault = next;
      writes = 0;
    },
    writes: () => writes,
    fetch: async (input, init) => {
      if (fault?.kind === 'cut') throw reset();
      if (fault?.kind === 'answer') return new Response('{}', { status: fault.status, headers: fault.headers ?? {} });
      const active = fault;
      const nth = (await isWrite(new Request(input instanceof Request ? input.clone() : input, init))) ? ++writes : 0;
      const isHit = active !== null && nth === active.write;
      if (isHit && active.kind === 'lose_request') throw timeout();
      const response = await inner(input, init);
      if (!isHit) return response;
      await response.arrayBuffer();
      throw timeout();
    },
  };
}

function timeout(): Error {
  return new DOMException('The operation was aborted due to timeout', 'TimeoutError');
}

function reset(): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
}
