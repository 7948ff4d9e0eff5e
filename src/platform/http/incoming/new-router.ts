import { OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { Fault, type FieldFault } from '../../../kernel/index.ts';
import type { AppEnv } from './app-env.ts';

/** The router of one slice. Input that does not fit its schema is thrown as Fault `input.invalid`, naming each field. */
export function newRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook(result) {
      if (!result.success) throw inputFault(result.error);
    },
  });
}

/** Paths and reasons only: zod's own messages may repeat what was sent. */
function inputFault(error: z.ZodError): Fault {
  const fields = error.issues.map(toFieldFault);
  const names = fields.map((field) => field.path).join(', ');
  return new Fault('invalid', 'input.invalid', { message: `not valid: ${names}`, fields });
}

function toFieldFault(issue: z.core.$ZodIssue): FieldFault {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 10) : [];
  const path = [...issue.path.map(String), ...(keys.length > 0 ? [keys.join(',')] : [])].join('.');
  return { path: path === '' ? '(body)' : path, code: `input.${issue.code}`, message: issue.message };
}
