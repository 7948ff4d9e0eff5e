/** The document with every time of it, by name (`…_at`, `ship_by`) and wherever it stands, written by `rewrite`. */
export function mapTimes(document: unknown, rewrite: (text: string) => string): unknown {
  if (Array.isArray(document)) return document.map((each) => mapTimes(each, rewrite));
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => {
      const isTime = typeof value === 'string' && (name.endsWith('_at') || name === 'ship_by');
      return [name, isTime ? rewrite(value) : mapTimes(value, rewrite)];
    }),
  );
}
