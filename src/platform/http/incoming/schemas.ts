import { z } from '@hono/zod-openapi';
import type { ZodType } from 'zod';
import { pageSizeDefault, pageSizeMax } from '../../../kernel/index.ts';
import { problemSchema } from './problem.ts';

/** A JSON answer: `responses: { 200: jsonOf(orderSchema), ...problems }`. */
export function jsonOf<Schema extends ZodType>(schema: Schema, description = 'Done') {
  return { description, content: { 'application/json': { schema } } };
}

/** A JSON body that must be there: `request: { body: bodyOf(receiptsSchema) }`. */
export function bodyOf<Schema extends ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } };
}

/** The query of a list paged by key. Add filters by `pageQuery.extend({ … })`; gives a PageRequest. */
export const pageQuery = z.object({
  after: z.string().max(2_000).nullable().default(null).openapi({ description: 'The `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(pageSizeMax).default(pageSizeDefault),
});

export function pageOf<Schema extends ZodType>(item: Schema) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

function problemOf(description: string) {
  return { description, content: { 'application/problem+json': { schema: problemSchema } } };
}

/** The faults that any route may answer with, for `responses`. */
export const problems = {
  400: problemOf('The request is not valid; `fields` names what'),
  401: problemOf('No token, or one that is not valid any more'),
  403: problemOf('The token lacks the scope'),
  404: problemOf('Not found'),
  409: problemOf('It conflicts with the present state'),
  410: problemOf('It is gone for good'),
  412: problemOf('It was changed in the meantime'),
  413: problemOf('Too large'),
  415: problemOf('The body is of a type that is not read here'),
  429: problemOf('Too many requests'),
  500: problemOf('Something went wrong here; `requestId` finds it in the log'),
  503: problemOf('Not available now; try again after Retry-After'),
};
