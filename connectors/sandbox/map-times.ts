type Rewrite = (text: string) => string;

/** The document with every time of it, by name (`…_at`, `ship_by`) and wherever it stands, written by `rewrite`. */
export function mapTimes(document: unknown, rewrite: Rewrite): unknown {
  if (Array.isArray(document)) return document.map((each) => mapTimes(each, rewrite));
  return isRow(document) ? mapTimesOfRow(document, rewrite) : document;
}

export function mapTimesOfRow(row: Readonly<Record<string, unknown>>, rewrite: Rewrite): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const isTime = typeof value === 'string' && (name.endsWith('_at') || name === 'ship_by');
      return [name, isTime ? rewrite(value) : mapTimes(value, rewrite)];
    }),
  );
}

/** Not a number that was kept exactly. */
function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
