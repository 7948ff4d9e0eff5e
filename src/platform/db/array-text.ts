/** Writes a one-dimensional array as Postgres reads it: `{"a","b",NULL}`. Every element is quoted but NULL. */
export function formatArray(elements: readonly (string | null)[]): string {
  return `{${elements.map((text) => (text === null ? 'NULL' : quote(text))).join(',')}}`;
}

function quote(text: string): string {
  const isPlain = !text.includes('"') && !text.includes('\\');
  return isPlain ? `"${text}"` : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

const element = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gs;

/** Reads a one-dimensional array as Postgres writes it. */
export function parseArray(text: string): (string | null)[] {
  return [...text.matchAll(element)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare === 'NULL' ? null : (bare ?? '')) : quoted.replaceAll(/\\(.)/gs, '$1'),
  );
}
