/** Text as PostgreSQL can keep it: a null character or half a surrogate pair becomes U+FFFD. */
export function storableText(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\u{fffd}');
}

/** A JSON value whose texts PostgreSQL can keep. Its keys are taken to be ours. */
export function storableJson(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const storable = (_key: string, each: unknown): unknown => (typeof each === 'string' ? storableText(each) : each);
  return JSON.parse(JSON.stringify(value), storable) as Readonly<Record<string, unknown>>;
}
