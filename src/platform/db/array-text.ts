/** Writes a one-dimensional array as Postgres reads it: `{"a","b",NULL}`. Every element is quoted but NULL. */
export function formatArray(elements: readonly (string | null)[]): string {
  const parts = elements.map((element) =>
    element === null ? 'NULL' : `"${element.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  );
  return `{${parts.join(',')}}`;
}

const element = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gs;

/** Reads a one-dimensional array as Postgres writes it. */
export function parseArray(text: string): (string | null)[] {
  return [...text.matchAll(element)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare === 'NULL' ? null : (bare ?? '')) : quoted.replaceAll(/\\(.)/gs, '$1'),
  );
}
