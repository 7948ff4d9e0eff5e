import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from '@hono/zod-openapi';
import { Fault, type FaultKind } from '../../../kernel/index.ts';

/** RFC 9457. `code` is stable and for programs; `detail` is for people. A 500 carries neither. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    requestId: z.string(),
    fields: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi('Problem', {
    description: 'RFC 9457. `code` is stable and for programs; `detail` is for people',
    example: {
      type: 'about:blank',
      title: 'The request is not valid',
      status: 400,
      code: 'input.invalid',
      detail: 'not valid: receipts.0.quantity',
      requestId: '0190a0a0-0000-7000-8000-000000000001',
      fields: [{ path: 'receipts.0.quantity', code: 'input.too_small', message: 'must be at least 1' }],
    },
  });

export type Problem = z.infer<typeof problemSchema>;

/** Which status a kind of fault is answered with: the one place. */
const answers: Readonly<Record<FaultKind, readonly [status: ContentfulStatusCode, title: string]>> = {
  invalid: [400, 'The request is not valid'],
  unauthenticated: [401, 'Sign in first'],
  forbidden: [403, 'Not allowed'],
  not_found: [404, 'Not found'],
  gone: [410, 'Gone'],
  conflict: [409, 'It conflicts with the present state'],
  precondition_failed: [412, 'It was changed in the meantime'],
  too_large: [413, 'Too large'],
  unsupported_type: [415, 'Not a type that is read here'],
  rate_limited: [429, 'Too many requests'],
  unavailable: [503, 'Not available now'],
  outcome_unknown: [504, 'The outcome is not known'],
  internal: [500, 'Something went wrong here'],
};

/** What may be told about an error. Anything but an expected Fault gives a request id and nothing else. */
function toProblem(error: unknown, requestId: string): Problem {
  const fault = toFault(error);
  if (fault === null || fault.kind === 'internal') {
    const [status, title] = answers.internal;
    return { type: 'about:blank', title, status, code: 'internal', requestId };
  }
  const [status, title] = answers[fault.kind];
  return {
    type: 'about:blank',
    title,
    status,
    code: fault.code,
    detail: fault.message,
    requestId,
    ...(fault.fields.length > 0 ? { fields: fault.fields.map((field) => ({ ...field })) } : {}),
    ...(Object.keys(fault.data).length > 0 ? { data: { ...fault.data } } : {}),
  };
}

/** Answers a request with a fault. */
export function problem(c: Context, error: unknown, requestId: string): Response {
  const body = toProblem(error, requestId);
  const retryAfterMs = error instanceof Fault ? error.retryAfterMs : null;
  const wait = retryAfterMs ?? (body.status === 503 ? retryAfterMsDefault : null);
  if (wait !== null) c.header('Retry-After', String(Math.max(1, Math.ceil(wait / 1000))));
  if (body.status === 401) c.header('WWW-Authenticate', 'Bearer');
  return c.body(JSON.stringify(body), body.status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
  });
}

const retryAfterMsDefault = 5_000;

function toFault(error: unknown): Fault | null {
  if (error instanceof Fault) return error;
  if (!(error instanceof HTTPException)) return null;
  switch (error.status) {
    case 400:
      return new Fault('invalid', 'input.unreadable', { message: 'the body cannot be read' });
    case 404:
      return new Fault('not_found', 'route.not_found');
    case 413:
      return new Fault('too_large', 'body.too_large');
    case 415:
      return wrongType();
    default:
      return null;
  }
}

function wrongType(): Fault {
  const message = 'must be application/json';
  return new Fault('unsupported_type', 'input.wrong_content_type', {
    message: `Content-Type: ${message}`,
    fields: [{ path: 'Content-Type', code: 'input.wrong_content_type', message }],
  });
}
