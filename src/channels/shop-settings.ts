import { Fault, type FieldFault } from '../kernel/index.ts';
import { secretFields, type AnyConnector } from '../connector-kit/index.ts';

export type SplitSettings = {
  /** As the connector's schema returned it: defaults filled in. */
  readonly settings: unknown;
  /** What may be shown and stored in clear. */
  readonly open: Readonly<Record<string, unknown>>;
  /** The credentials. */
  readonly secrets: Readonly<Record<string, unknown>>;
};

/** Checks settings with the connector's schema. Throws Fault `shop.bad_settings`, which names the fields and no value. */
export function parseSettings(connector: AnyConnector, input: unknown): SplitSettings {
  const parsed = connector.settings.safeParse(input);
  if (!parsed.success) {
    const fields: FieldFault[] = parsed.error.issues.map((issue) => ({
      path: ['settings', ...issue.path.map(String)].join('.'),
      code: `settings.${issue.code}`,
      message: issue.message,
    }));
    throw new Fault('invalid', 'shop.bad_settings', {
      message: fields.map((field) => `${field.path}: ${field.message}`).join('; '),
      fields,
    });
  }
  const secretNames = new Set(secretFields(connector.settings));
  const entries = Object.entries(asRecord(parsed.data));
  return {
    settings: parsed.data,
    open: Object.fromEntries(entries.filter(([name]) => !secretNames.has(name))),
    secrets: Object.fromEntries(entries.filter(([name]) => secretNames.has(name))),
  };
}

/** The setting that holds the address of the channel, for errors; `settings` where none does. */
export function addressPath(connector: AnyConnector, split: SplitSettings): string {
  const origin = connector.origin(split.settings);
  const holder = Object.entries(split.open).find(
    ([, value]) => typeof value === 'string' && value.toLowerCase().startsWith(origin.toLowerCase()),
  );
  return holder === undefined ? 'settings' : `settings.${holder[0]}`;
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
