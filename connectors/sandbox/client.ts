import type { z } from 'zod';
import {
  ChannelFault,
  requestJson,
  type ChannelRequest,
  type ConnectorIo,
  type Rejection,
} from '../../src/connector-kit/index.ts';
import type { MaskedSettings, ShopSettings } from './settings.ts';
import { beijingText, signCall } from './sign-call.ts';
import { wireCreated, wireError } from './wire.ts';

export type SandboxIo = ConnectorIo<ShopSettings>;

/** GET of the vendor's API; `query` entries that are null are left away. */
export async function get<Schema extends z.ZodType>(
  io: SandboxIo,
  path: string,
  query: Readonly<Record<string, string | null>>,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const url = new URL(`/api${path}`, io.settings.baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  const { json } = await call(io, { method: 'GET', url: url.href, intent: 'read' });
  return parseWire(schema, json);
}

/** A write. A committed one whose answer cannot be read has an unknown outcome, like one whose answer was lost. */
export async function write<Schema extends z.ZodType>(
  io: SandboxIo,
  method: 'POST' | 'PUT',
  path: string,
  body: unknown,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const url = new URL(`/api${path}`, io.settings.baseUrl);
  const { json } = await call(io, { method, url: url.href, intent: 'write', body });
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ChannelFault({ kind: 'outcome_unknown' });
  return parsed.data;
}

export async function create(io: SandboxIo, path: string, body: unknown): Promise<{ externalId: string }> {
  const { id } = await write(io, 'POST', path, body, wireCreated);
  return { externalId: id };
}

/** Reads a payload; one that does not have the vendor's shape is `unknown_code`, named by its first bad field. */
export function parseWire<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ChannelFault({ kind: 'unknown_code', field: field === '' ? 'body' : field, raw: 'not of the known shape' });
}

function call(io: SandboxIo, request: ChannelRequest): ReturnType<typeof requestJson> {
  const { settings } = io;
  if (!('appSecret' in settings)) {
    return requestJson(io, { ...request, headers: { authorization: `Bearer ${settings.apiKey}` }, rejection });
  }
  return requestJson(io, { ...request, url: signedUrl(settings, request, io.now, settings.accessToken), rejection });
}

/** Every parameter and the body are signed; without an access token for the call that brings one. */
export function signedUrl(
  settings: MaskedSettings,
  request: Pick<ChannelRequest, 'url' | 'body'>,
  now: Date,
  accessToken: string | null,
): string {
  const url = new URL(request.url);
  url.searchParams.set('app_key', settings.appKey);
  url.searchParams.set('timestamp', beijingText(now));
  if (accessToken !== null) url.searchParams.set('access_token', accessToken);
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  url.searchParams.set('sign', signCall(settings.appSecret, url.searchParams, body));
  return url.href;
}

function rejection(_status: number, body: unknown): Rejection | null {
  const parsed = wireError.safeParse(body);
  return parsed.success ? { code: parsed.data.error.code, detail: parsed.data.error.message } : null;
}
