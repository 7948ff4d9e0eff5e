import { createHash } from 'node:crypto';
import pg from 'pg';

/**
 * Lets every statement with parameters of this process be planned once a connection and not each time: on tables of a few rows
 * planning is most of the work. Undone by what it gives.
 */
export function prepareStatements(): () => void {
  const { prototype } = pg.Client;
  const query: unknown = Reflect.get(prototype, 'query');
  if (typeof query !== 'function') throw new Error('pg has no query to prepare');
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    const name = names.get(text) ?? createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
    return name;
  };
  const named = (config: unknown, values: unknown): unknown => {
    if (typeof config !== 'object' || config === null || ('name' in config && config.name !== undefined)) return config;
    const text: unknown = Reflect.get(config, 'text');
    const hasValues = Array.isArray(values) && values.length > 0;
    return typeof text === 'string' && hasValues ? { ...config, name: nameOf(text) } : config;
  };
  Reflect.set(
    prototype,
    'query',
    function prepared(this: unknown, config: unknown, values: unknown, ...rest: unknown[]) {
      return Reflect.apply(query, this, [named(config, values), values, ...rest]);
    },
  );
  return () => void Reflect.set(prototype, 'query', query);
}
