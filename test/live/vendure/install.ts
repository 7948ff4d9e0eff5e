import { join } from 'node:path';
import type { StorefrontPackages } from '../storefront/install-from-npm.ts';

/**
 * Exact versions of the day this was written (2026-11-21). The overrides are needed because @vendure/core 3.7.3 asks for
 * graphql-tools releases that registries may lag behind (`@graphql-tools/batch-execute@^10.3.2`: ETARGET). Nothing is
 * compiled: PostgreSQL needs no native driver.
 */
export const vendurePackages: StorefrontPackages = {
  name: 'vendure',
  manifest: {
    name: 'wharf-live-vendure',
    version: '1.0.0',
    private: true,
    dependencies: { '@vendure/core': '3.7.3', pg: '8.16.3' },
    overrides: {
      '@graphql-tools/stitch': '10.1.16',
      '@graphql-tools/delegate': '12.0.12',
      '@graphql-tools/wrap': '11.1.12',
      '@graphql-tools/batch-delegate': '10.0.18',
      '@graphql-tools/batch-execute': '10.0.7',
    },
  },
  proof: join('node_modules', '@vendure', 'core', 'package.json'),
};
