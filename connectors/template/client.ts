import type { z } from 'zod';
import {
  ChannelFault,
  requestJson,
  type ChannelRequest,
  type ConnectorIo,
  type Rejection,
} from '../../src/connector-kit/index.ts';
import type { AcmeShopSettings } from './settings.ts';
import { wireError } from './wire.ts';

export type AcmeShopIo = ConnectorIo<AcmeShopSettings>;

/** A read. `query` entries that are null are left away. */
export async function get<Schema extends z.ZodType>(
  io: AcmeShopIo,
  path: string,
  query: Readonly<Record<string, string | null>>,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const url = new URL(`/v1${path}`, io.settings.baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  const { json } = await call(io, { method: 'GET', url: url.href, intent: 'read' });
  return parseWire(schema, json);
}

/** A write. One that was done and whose answer cannot be read has an unknown outcome, like one whose answer was lost. */
export async function write<Schema extends z.ZodType>(
  io: AcmeShopIo,
  method: 'POST' | 'PUT',
  path: string,
  body: unknown,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const url = new URL(`/v1${path}`, io.settings.baseUrl);
  const { json } = await call(io, { method, url: url.href, intent: 'write', body });
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ChannelFault({ kind: 'outcome_unknown' });
  return parsed.data;
}

/** Reads a payload; one that does not have the vendor's shape is `unknown_code`, named by its first bad field. */
export function parseWire<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ChannelFault({ kind: 'unknown_code', field: field === '' ? 'body' : field, raw: 'not of the known shape' });
}

/** `requestJson` turns every status and every lost answer into a ChannelFault; here only the vendor's own words are added. */
function call(io: AcmeShopIo, request: ChannelRequest): ReturnType<typeof requestJson> {
  const headers = { authorization: `Bearer ${io.settings.apiToken}` };
  return requestJson(io, { ...request, headers, rejection });
}

function rejection(_status: number, body: unknown): Rejection | null {
  const parsed = wireError.safeParse(body);
  return parsed.success ? { code: parsed.data.error.code, detail: parsed.data.error.message } : null;
}
