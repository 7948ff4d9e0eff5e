import { parseLossless, stringifyLossless } from './lossless.ts';
import { scanJson, type Scalar } from './scan-json.ts';

export type { Scalar };

/** What an object says of itself: its members that are neither objects nor arrays, as `parseLossless` reads them. */
export type Scalars = Readonly<Record<string, Scalar>>;

export type Envelope = {
  readonly scalars: Scalars;
  /** `text` as `stringifyLossless` writes it. Null where the envelope holds no object of that name. */
  readonly document: { readonly scalars: Scalars; readonly text: string } | null;
};

/**
 * A JSON object that carries a document under `member`, without making objects of what is not looked at: of a webhook whose
 * order the inbox keeps as text, only a few words are wanted at the door. Throws as `parseLossless`, and for no object.
 */
export function readEnvelope(text: string, member: string): Envelope {
  return scanJson(text, member) ?? parseEnvelope(text, member);
}

/** The same by way of the whole value. */
export function parseEnvelope(text: string, member: string): Envelope {
  const envelope = parseLossless(text);
  if (!isObject(envelope)) throw new SyntaxError('not a JSON object');
  const document = Object.hasOwn(envelope, member) ? envelope[member] : null;
  return {
    scalars: scalarsOf(envelope),
    document: isObject(document) ? { scalars: scalarsOf(document), text: stringifyLossless(document) } : null,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scalarsOf(object: Readonly<Record<string, unknown>>): Scalars {
  const isScalar = (entry: [string, unknown]): entry is [string, Scalar] =>
    typeof entry[1] !== 'object' || entry[1] === null;
  return Object.fromEntries(Object.entries(object).filter(isScalar));
}
