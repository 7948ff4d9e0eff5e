import { z } from 'zod';
import { ChannelFault, requestJson, type ConnectorIo, type Rejection } from '../../src/connector-kit/index.ts';
import { openSession, type Session } from './session.ts';
import type { VendureSettings } from './settings.ts';

export type VendureIo = ConnectorIo<VendureSettings>;

export type VendureCall = {
  /** `query` reads; a lost answer of a `mutation` leaves the outcome unknown. */
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

const wireErrors = z.looseObject({
  errors: z
    .array(
      z.looseObject({ message: z.string(), extensions: z.looseObject({ code: z.string().optional() }).optional() }),
    )
    .min(1),
});
const wireErrorResult = z.looseObject({ errorCode: z.string(), message: z.string() });
const wireData = z.looseObject({ data: z.record(z.string(), z.unknown()) });

/** The `data` of one GraphQL call. Signs in where need be, and once again when the session has ended meanwhile. */
export async function callVendure(io: VendureIo, call: VendureCall): Promise<Readonly<Record<string, unknown>>> {
  const session = await openSession(io);
  try {
    return await post(io, call, session);
  } catch (error) {
    if (!(error instanceof ChannelFault) || error.kind !== 'unauthorised') throw error;
    session.forget();
    return post(io, call, await openSession(io));
  }
}

/** As callVendure, for a mutation whose field is a union: an ErrorResult member becomes a fault. */
export async function mutateVendure<Made>(
  io: VendureIo,
  call: VendureCall,
  field: string,
  schema: z.ZodType<Made>,
): Promise<Made> {
  const value = (await callVendure(io, call))[field];
  const refused = wireErrorResult.safeParse(value);
  if (refused.success) throw errorResultFault(refused.data);
  return readWire(schema, value);
}

/** Parses what Vendure sent; a payload of another shape is rejected with the path that did not fit. */
export function readWire<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ChannelFault({ kind: 'rejected', code: 'unreadable_payload', detail: `unexpected value at ${at}` });
}

async function post(io: VendureIo, call: VendureCall, session: Session): Promise<Readonly<Record<string, unknown>>> {
  const intent = call.document.startsWith('mutation') ? 'write' : 'read';
  const { channelToken, adminApiUrl } = io.settings;
  const { json } = await requestJson(io, {
    method: 'POST',
    url: adminApiUrl,
    intent,
    headers: { ...session.headers, ...(channelToken === null ? {} : { 'vendure-token': channelToken }) },
    body: { operationName: operationName(call.document), query: call.document, variables: call.variables },
    rejection: (_status, body) => rejectionOf(body),
  });
  const failed = wireErrors.safeParse(json);
  if (failed.success) throw graphqlFault(failed.data.errors[0], intent);
  return readWire(wireData, json).data;
}

function operationName(document: string): string {
  return /^(?:query|mutation) (\w+)/.exec(document)?.[1] ?? '';
}

type WireError = z.infer<typeof wireErrors>['errors'][number];

/** An invalid document or variable is the only thing that Vendure answers with HTTP 400. */
function rejectionOf(body: unknown): Rejection | null {
  const error = wireErrors.safeParse(body).data?.errors[0];
  return error === undefined ? null : { code: codeOf(error), detail: error.message.slice(0, 300) };
}

function codeOf(error: WireError): string {
  return (error.extensions?.code ?? 'internal_server_error').toLowerCase();
}

/** Business and server errors come with HTTP 200. One without a code is a raw exception of the server, often of its database. */
function graphqlFault(error: WireError | undefined, intent: 'read' | 'write'): ChannelFault {
  if (error === undefined) return new ChannelFault({ kind: 'unavailable' });
  const code = codeOf(error);
  switch (code) {
    case 'forbidden':
    case 'unauthorized':
      return new ChannelFault({ kind: 'unauthorised' });
    case 'entity_not_found':
      return new ChannelFault({ kind: 'not_found' });
    case 'internal_server_error':
      if (!/violates|constraint|invalid input|out of range/i.test(error.message)) {
        return new ChannelFault(
          { kind: intent === 'write' ? 'outcome_unknown' : 'unavailable' },
          'internal server error',
        );
      }
      return new ChannelFault({ kind: 'rejected', code, detail: error.message.slice(0, 300) });
    default:
      return new ChannelFault({ kind: 'rejected', code, detail: error.message.slice(0, 300) });
  }
}

/** Stock that is pushed after the order was sold makes the next try succeed, so a shortage on hand is worth another. */
function errorResultFault(error: z.infer<typeof wireErrorResult>): ChannelFault {
  const code = error.errorCode.toLowerCase();
  if (code === 'insufficient_stock_on_hand_error') return new ChannelFault({ kind: 'conflict', detail: error.message });
  return new ChannelFault({ kind: 'rejected', code, detail: error.message.slice(0, 300) });
}
