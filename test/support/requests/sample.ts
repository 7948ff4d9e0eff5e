import type { Schema } from './operations.ts';

export type Resolver = (schema: Schema) => Schema;

/** Follows `$ref`, and takes the first of several alternatives that is not null. */
export function resolverOf(schemas: Readonly<Record<string, Schema>>): Resolver {
  const resolve: Resolver = (schema) => {
    const referred = schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
    const choices = referred.anyOf ?? referred.oneOf;
    const [chosen] = choices?.filter((each) => each.type !== 'null') ?? [];
    if (chosen !== undefined) return resolve(chosen);
    if (referred.allOf === undefined) return referred;
    return referred.allOf.map(resolve).reduce((all, each) => ({
      ...all,
      ...each,
      properties: { ...all.properties, ...each.properties },
      required: [...(all.required ?? []), ...(each.required ?? [])],
    }));
  };
  return resolve;
}

type Sampler = (schema: Schema, field: string, depth: number) => unknown;

/** A value of a schema's shape; `known` gives values that exist, by the name of their field. */
export function sampleOf(schema: Schema, resolve: Resolver, known: (field: string) => unknown): unknown {
  const sample: Sampler = (given, field, depth) => {
    const resolved = resolve(given);
    const [only] = resolved.const === undefined ? (resolved.enum ?? []) : [resolved.const];
    const type = [resolved.type ?? 'object'].flat().find((each) => each !== 'null') ?? 'object';
    return only ?? samplers[type]?.(resolved, field, depth) ?? null;
  };
  const number = ({ minimum = 1, exclusiveMinimum = 0 }: Schema): number => Math.max(minimum, exclusiveMinimum + 1);
  const samplers: Readonly<Record<string, Sampler>> = {
    string: (resolved, field) => known(field) ?? sampleText(resolved),
    integer: number,
    number,
    boolean: () => true,
    array: ({ items }, field, depth) =>
      items === undefined ? [] : [sample(items, field.replace(/s$/, ''), depth + 1)],
    object: ({ properties = {} }, _field, depth) => {
      const entries = depth > nestingMax ? [] : Object.entries(properties);
      return Object.fromEntries(entries.map(([name, each]) => [name, sample(each, name, depth + 1)]));
    },
  };
  return sample(schema, '', 0);
}

const nestingMax = 8;

function sampleText({ format, pattern, minLength = 1 }: Schema): string {
  switch (format) {
    case 'uuid':
      return '01936e9e-0000-7000-8000-000000000001';
    case 'date-time':
      return '2026-11-20T10:00:00Z';
    case 'date':
      return '2026-11-20';
    case 'uri':
      return 'https://paper.example.com';
    default:
      if (pattern?.includes('[A-Z]{3}')) return 'EUR';
      if (pattern?.includes('[A-Z]{2}')) return 'DE';
      return '1'.repeat(Math.max(1, minLength));
  }
}
