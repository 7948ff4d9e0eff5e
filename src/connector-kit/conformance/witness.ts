const isTelling = (name: string): boolean => /auth|key|token|sign|secret|cookie/i.test(name);
/** Shorter ones would be found in any text. */
const lengthMin = 6;

/** A fetch that remembers what passes by in headers and queries that carry credentials, tokens and signatures. */
export function witness(inner: typeof globalThis.fetch): {
  readonly fetch: typeof globalThis.fetch;
  readonly carried: ReadonlySet<string>;
} {
  const carried = new Set<string>();
  const note = (entries: Iterable<readonly [name: string, value: string]>): void => {
    for (const [name, value] of entries) {
      // "Bearer …", "Basic …", "v1,…": the word before is no secret, what stands behind it by itself is.
      const parts = [value, ...value.split(/[ ,;]/)];
      if (isTelling(name)) for (const part of parts) if (part.length >= lengthMin) carried.add(part);
    }
  };
  return {
    carried,
    fetch: async (input, init) => {
      const asked = typeof input === 'object' && 'url' in input ? input : null;
      note(new Headers(init?.headers ?? asked?.headers));
      note(new URL(asked?.url ?? input.toString()).searchParams);
      const response = await inner(input, init);
      note(response.headers);
      return response;
    },
  };
}
