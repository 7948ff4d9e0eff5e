import { z } from 'zod';
import type { Outgoing } from '../../src/platform/http/index.ts';
import type { Chance } from './chance.ts';
import type { FaultKind, Faults } from './faults.ts';
import type { Process } from './process.ts';

/** Answers for an origin. */
export type Answering = (request: Request) => Promise<Response>;

export type Internet = {
  readonly hosts: Map<string, Answering>;
  readonly faults: Faults;
  readonly chance: Chance;
};

/** Calls of one process to the channels, in-process: it waits at the door of each, and some of them go wrong. */
export function outgoingOf(process: Process, internet: Internet): Outgoing {
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, { ...init, signal: null });
    const { pathname } = new URL(request.url);
    return process.pass(`call ${request.method} ${pathname}`, () => callThrough(internet, request));
  };
  return { fetchFor: () => fetch, guardProcess: () => () => undefined, close: () => Promise.resolve() };
}

/** At most one strikes, the first that does: so the later have the higher rates. */
const rates: Partial<Record<FaultKind, number>> = {
  'channel.error_500': 0.08,
  'channel.throttled': 0.1,
  'channel.throttled_with_retry_after': 0.1,
  'channel.unreachable': 0.1,
  'channel.no_answer_before': 0.11,
  'channel.no_answer_after': 0.13,
  'channel.answer_cut': 0.14,
  'channel.wrong_page': 0.14,
  'channel.empty_page': 0.15,
  'channel.token_refused': 0.16,
};

async function callThrough(internet: Internet, request: Request): Promise<Response> {
  const host = internet.hosts.get(new URL(request.url).origin);
  if (host === undefined) throw new Error(`nobody answers at ${request.url}`);
  // Batches are rare: most come through, to be answered in part.
  const isSpared = request.method === 'PUT' && internet.chance.is(0.8);
  const kind = isSpared ? null : internet.faults.oneOf(rates);
  const before = kind === null ? null : refusedBefore(kind, internet.chance);
  if (before !== null) return before();
  const answer = await host(request);
  const text = await answer.text();
  switch (kind) {
    case 'channel.no_answer_after':
      throw lost();
    case 'channel.answer_cut':
      return cut(answer, text);
    case 'channel.wrong_page':
      return new Response('<html>We will be back soon</html>', { headers: { 'content-type': 'text/html' } });
    case 'channel.empty_page':
      return new Response('', { status: 200 });
    default:
      return new Response(inPart(internet, request, text), answer);
  }
}

/** Faults that strike before the channel has done anything. */
function refusedBefore(kind: FaultKind, chance: Chance): (() => Response) | null {
  const refuse = (status: number, headers: Record<string, string> = {}) => {
    const body = JSON.stringify({ error: { code: 'refused', message: 'not now' } });
    return () => new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } });
  };
  switch (kind) {
    case 'channel.error_500':
      return refuse(chance.pick([500, 502, 503]) ?? 500);
    case 'channel.throttled':
      return refuse(429);
    case 'channel.throttled_with_retry_after':
      return refuse(429, { 'retry-after': String(1 + chance.int(20)) });
    case 'channel.token_refused':
      return refuse(401);
    case 'channel.unreachable':
      return () => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      };
    case 'channel.no_answer_before':
      return () => {
        throw lost();
      };
    default:
      return null;
  }
}

/** A batch whose answer says nothing of its second half. */
function inPart({ faults }: Internet, request: Request, text: string): string {
  if (request.method !== 'PUT') return text;
  const batch = batchAnswer.safeParse(JSON.parse(text));
  if (!batch.success || !faults.strikes('channel.batch_in_part', 0.9)) return text;
  const { results, ...rest } = batch.data;
  return JSON.stringify({ ...rest, results: results.slice(0, Math.floor(results.length / 2)) });
}

const batchAnswer = z.looseObject({ results: z.array(z.unknown()).min(1) });

function lost(): Error {
  return Object.assign(new Error('the time is up'), { name: 'TimeoutError' });
}

/** The connection ends in the middle of the body. */
function cut(answer: Response, text: string): Response {
  const half = new TextEncoder().encode(text.slice(0, Math.floor(text.length / 2)));
  let isSent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isSent) return controller.error(new Error('other side closed'));
      isSent = true;
      controller.enqueue(half);
      return undefined;
    },
  });
  return new Response(body, { status: answer.status, headers: answer.headers });
}
