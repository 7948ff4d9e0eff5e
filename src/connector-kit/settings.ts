import { z } from 'zod';

const secrets = z.registry<{ secret: true }>();

/** Marks a field of a connector's settings as a credential: stored encrypted, never shown again, never logged. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  secrets.add(schema, { secret: true });
  return schema;
}

function isSecret(schema: z.ZodType): boolean {
  return secrets.has(schema);
}

/** Names of the top-level fields that hold credentials. */
export function secretFields(settings: z.ZodType): string[] {
  if (!(settings instanceof z.ZodObject)) return [];
  return Object.entries(settings.shape)
    .filter(([, field]) => field instanceof z.ZodType && isSecret(field))
    .map(([name]) => name);
}
