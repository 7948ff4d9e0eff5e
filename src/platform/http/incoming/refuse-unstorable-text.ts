import type { MiddlewareHandler } from 'hono';
import { Fault, type FieldFault } from '../../../kernel/index.ts';
import type { AppEnv } from './app-env.ts';

const namedMax = 10;
/** A null character or half a surrogate pair: valid JSON, but no text that PostgreSQL can keep. */
const unstorable = /\0|\p{Surrogate}/u;
/** Where one of them may be, cheaply: JSON can only write them as escapes. */
const suspicious = /\\u(?:0000|[dD][89a-fA-F])/;

/** Refuses text that no column can hold, by the name of its field, before any route looks at it. */
export const refuseUnstorableText: MiddlewareHandler<AppEnv> = async (c, next) => {
  const url = new URL(c.req.url);
  const inQuery = [...url.searchParams].flatMap(([name, value]) => (unstorable.test(name + value) ? [name] : []));
  const inPath = url.pathname.includes('%00') ? ['(path)'] : [];
  const isJson = /^application\/([\w.-]+\+)?json\b/i.test(c.req.header('content-type') ?? '');
  const inBody = isJson && c.req.method !== 'GET' ? findIn(await c.req.text()) : [];
  const paths = [...inPath, ...inQuery, ...inBody].slice(0, namedMax);
  if (paths.length > 0) throw unstorableFault(paths);
  await next();
};

function findIn(text: string): string[] {
  if (!suspicious.test(text)) return [];
  try {
    return pathsIn(JSON.parse(text));
  } catch {
    // Not JSON at all: the route says so.
    return [];
  }
}

/** No recursion: how deep it is nested is the caller's choice. */
function pathsIn(body: unknown): string[] {
  const found: string[] = [];
  const left: { readonly value: unknown; readonly path: string }[] = [{ value: body, path: '' }];
  for (let at = left.pop(); at !== undefined && found.length < namedMax; at = left.pop()) {
    const { value, path } = at;
    if (isUnstorable(value)) found.push(path === '' ? '(body)' : path);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      const name = isUnstorable(key) ? '(key)' : key;
      const place = path === '' ? name : `${path}.${name}`;
      if (name !== key) found.push(place);
      left.push({ value: inner, path: place });
    }
  }
  return found;
}

function isUnstorable(value: unknown): boolean {
  return typeof value === 'string' && unstorable.test(value);
}

function unstorableFault(paths: readonly string[]): Fault {
  const fields: FieldFault[] = paths.map((path) => ({
    path,
    code: 'input.unstorable_text',
    message: 'holds a null character or half a surrogate pair',
  }));
  return new Fault('invalid', 'input.invalid', { message: `not valid: ${paths.join(', ')}`, fields });
}
