import { z } from 'zod';
import { ChannelFault, requestJson, type ConnectorIo, type Rejection } from '../../src/connector-kit/index.ts';
import type { MedusaSettings } from './settings.ts';

export type MedusaIo = ConnectorIo<MedusaSettings>;

/** Query parameters in their order; a name may come several times (`id[]`). */
export type Query = readonly (readonly [name: string, value: string])[];

const wireError = z.looseObject({ type: z.string(), message: z.string() });

/** GET below `/admin`. Medusa ignores a parameter that it does not know, so a misspelt one would list everything. */
export async function getMedusa<Value>(
  io: MedusaIo,
  path: string,
  query: Query,
  schema: z.ZodType<Value>,
): Promise<Value> {
  const url = adminUrl(io, path, query);
  const { json } = await requestJson(io, { method: 'GET', url, intent: 'read', headers: signIn(io), rejection });
  return readWire(schema, json);
}

/** POST below `/admin`; every write is one. An answer of another shape came after the commit: the outcome is unknown. */
export async function postMedusa<Value>(
  io: MedusaIo,
  path: string,
  body: Readonly<Record<string, unknown>>,
  schema: z.ZodType<Value>,
  query: Query = [],
): Promise<Value> {
  const url = adminUrl(io, path, query);
  const request = { method: 'POST', url, intent: 'write', headers: signIn(io), body, rejection } as const;
  const { json } = await requestJson(io, request);
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ChannelFault({ kind: 'outcome_unknown' }, 'outcome unknown: the answer is unreadable');
  return parsed.data;
}

/** Parses what Medusa sent; a payload of another shape is rejected with the path that did not fit. */
export function readWire<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ChannelFault({ kind: 'rejected', code: 'unreadable_payload', detail: `unexpected value at ${at}` });
}

/** One page of `ids.length` rows at most: the server's own default of 15 or 20 would cut the answer silently. */
export function idQuery(ids: readonly string[], fields: string): Query {
  return [['limit', String(ids.length)], ['fields', fields], ...ids.map((id) => ['id[]', id] as const)];
}

/** A secret key is the user name of Basic with an empty password; as a Bearer token it is refused. */
function signIn(io: MedusaIo): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`${io.settings.apiKey}:`).toString('base64')}` };
}

function adminUrl(io: MedusaIo, path: string, query: Query): string {
  const url = new URL(`${io.settings.baseUrl.replace(/\/+$/, '')}/admin${path}`);
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url.href;
}

/**
 * Medusa's own words for a 4xx. A message may name ids and units of the order, nothing of the buyer. Its 500 says
 * `unknown_error` for bad input and for a broken database alike, so it stays what its status makes it.
 */
function rejection(status: number, body: unknown): Rejection | ChannelFault | null {
  const error = wireError.safeParse(body);
  if (!error.success || status >= 500) return null;
  const { type, message } = error.data;
  if (status === 404) return new ChannelFault({ kind: 'not_found' }, `not found: ${message.slice(0, 300)}`);
  return { code: type, detail: message.slice(0, 300) };
}
