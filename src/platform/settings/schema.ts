import { jsonb, pgTable } from 'drizzle-orm/pg-core';
import { at, keyText } from '../db/columns.ts';

/** Facts of the deployment: base currency, company time zone, restore epoch, whether this is the demo. */
export const deploymentSettings = pgTable('deployment_settings', {
  key: keyText('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: at('updated_at').notNull(),
});
