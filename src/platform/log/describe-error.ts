import { basename } from 'node:path';
import { isPlain, maskText } from './mask-text.ts';

export type ErrorFacts = {
  readonly name: string;
  readonly code?: string;
  readonly kind?: string;
  readonly message?: string;
  /** `function file:line`, innermost first. */
  readonly at?: readonly string[];
  readonly causes?: readonly string[];
};

const framesMax = 6;
const causesMax = 4;

/**
 * What may be said about an error: its name, code and kind; its message with everything masked that may be data; where it
 * was thrown. Never `data`, `fields`, parameters of a statement or a response's body.
 */
export function describeError(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: typeof error };
  const causes: string[] = [];
  for (let at = error.cause; at instanceof Error && causes.length < causesMax; at = at.cause) {
    causes.push([plainName(at), text(at, 'code')].filter((part) => part !== undefined).join(' '));
  }
  const code = text(error, 'code');
  const kind = text(error, 'kind');
  const frames = framesOf(error);
  return {
    name: plainName(error),
    ...(code === undefined ? {} : { code }),
    ...(kind === undefined ? {} : { kind }),
    ...(error.message === '' || error.message === code ? {} : { message: maskText(error.message) }),
    ...(frames.length > 0 ? { at: frames } : {}),
    ...(causes.length > 0 ? { causes } : {}),
  };
}

function plainName(error: Error): string {
  return typeof error.name === 'string' && /^\w{1,60}$/.test(error.name) ? error.name : 'Error';
}

function text(error: Error, property: string): string | undefined {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' && value.length <= 80 && !/\s/.test(value) && isPlain(value) ? value : undefined;
}

/** The message stands in the stack's first lines, so only lines that are frames are read, and of them no folder. */
function framesOf(error: Error): string[] {
  const frames: string[] = [];
  for (const line of error.stack?.split('\n') ?? []) {
    const match = /^ {4}at (?:async )?(?:([\w$.<> [\]]{1,80}) \()?(?:file:\/\/|node:)?([^()\s]+):(\d+):\d+\)?$/.exec(
      line,
    );
    const [, callee = '', file = '', row = ''] = match ?? [];
    if (match !== null) frames.push(`${callee} ${basename(file)}:${row}`.trim());
    if (frames.length === framesMax) break;
  }
  return frames;
}
