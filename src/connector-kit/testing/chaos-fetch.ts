/** What the layer does to requests until it is told otherwise. Writes are counted from 1, from the moment a fault is set. */
export type ChaosFault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Default: an empty JSON object. */
      readonly body?: string;
      /** Default: reads and writes alike. */
      readonly to?: 'writes';
    }
  /** The connection breaks before the channel sees anything. */
  | { readonly kind: 'cut' }
  /** The channel commits the nth write; its answer never comes. */
  | { readonly kind: 'lose_answer'; readonly write: number }
  /** The nth write never reaches the channel, and nobody can tell. */
  | { readonly kind: 'lose_request'; readonly write: number }
  /** The nth write is still on its way when its sender gives up; it reaches the channel by `arrive`. */
  | { readonly kind: 'delay'; readonly write: number }
  /** The network brings the nth write twice; the sender hears the second answer. */
  | { readonly kind: 'repeat'; readonly write: number }
  /** Something happens on the channel just before the nth write. */
  | { readonly kind: 'meanwhile'; readonly write: number; readonly happens: () => void };

export type ChaosFetch = {
  readonly fetch: typeof globalThis.fetch;
  set(fault: ChaosFault | null): void;
  /** Writes seen since the fault was set, the lost one included. */
  writes(): number;
  /** Requests seen since the fault was set. */
  requests(): number;
  /** Every write that was held back reaches the channel now. */
  arrive(): Promise<void>;
};

/** A layer of faults between a connector and its channel. */
export function chaosFetch(
  inner: typeof globalThis.fetch,
  isWrite: (request: Request) => boolean | Promise<boolean>,
): ChaosFetch {
  let fault: ChaosFault | null = null;
  let writes = 0;
  let requests = 0;
  const held: Letter[] = [];
  return {
    set(next) {
      fault = next;
      writes = 0;
      requests = 0;
    },
    writes: () => writes,
    requests: () => requests,
    async arrive() {
      for (const letter of held.splice(0)) await (await post(inner, letter)).arrayBuffer();
    },
    fetch: async (input, init) => {
      const active = fault;
      requests += 1;
      if (active?.kind === 'cut') throw reset();
      const isWriting = await isWrite(copyOf(input, init));
      if (isWriting) writes += 1;
      if (active?.kind === 'answer') {
        return active.to === undefined || isWriting ? answerOf(active) : inner(input, init);
      }
      if (active === null || !isWriting || writes !== active.write) return inner(input, init);
      return hit(active, inner, await letterOf(copyOf(input, init)), held);
    },
  };
}

type WriteFault = Extract<ChaosFault, { readonly write: number }>;

/**
 * A request taken apart. A fetch is given its parts, never a Request: a server in this process may have put another class
 * in the place of the global one, which the fetch of another library does not know.
 */
type Letter = { readonly url: string; readonly init: RequestInit };

async function hit(
  fault: WriteFault,
  inner: typeof globalThis.fetch,
  letter: Letter,
  held: Letter[],
): Promise<Response> {
  switch (fault.kind) {
    case 'lose_request':
      throw timeout();
    case 'delay':
      // Its sender has gone; the bytes go on.
      held.push({ ...letter, init: { ...letter.init, signal: null } });
      throw timeout();
    case 'lose_answer':
      await (await post(inner, letter)).arrayBuffer();
      throw timeout();
    case 'repeat':
      await (await post(inner, letter)).arrayBuffer();
      return post(inner, letter);
    case 'meanwhile':
      fault.happens();
      return post(inner, letter);
  }
}

async function letterOf(request: Request): Promise<Letter> {
  const { method, headers, redirect, signal } = request;
  const bytes = await request.arrayBuffer();
  return {
    url: request.url,
    init: { method, headers: [...headers], redirect, signal, ...(bytes.byteLength === 0 ? {} : { body: bytes }) },
  };
}

async function post(inner: typeof globalThis.fetch, { url, init }: Letter): Promise<Response> {
  return inner(url, init);
}

function copyOf(input: Parameters<typeof globalThis.fetch>[0], init: RequestInit | undefined): Request {
  // Not by `instanceof`: a server in this process may have put another Request in the place of the global one.
  return new Request(typeof input === 'object' && 'clone' in input ? input.clone() : input, init);
}

function answerOf({ status, headers = {}, body = '{}' }: Extract<ChaosFault, { readonly kind: 'answer' }>): Response {
  return new Response(body, { status, headers: { ...headers } });
}

function timeout(): Error {
  return new DOMException('The operation was aborted due to timeout', 'TimeoutError');
}

function reset(): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
}
