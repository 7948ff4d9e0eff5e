import { join } from 'node:path';
import type { StorefrontPackages } from '../storefront/install-from-npm.ts';

/** Exact versions of the day this was written (2026-11-21). The admin pages come along and are switched off. */
export const medusaPackages: StorefrontPackages = {
  name: 'medusa',
  manifest: {
    name: 'wharf-live-medusa',
    version: '1.0.0',
    private: true,
    dependencies: { '@medusajs/medusa': '2.21.2', '@medusajs/framework': '2.21.2', '@medusajs/cli': '2.21.2' },
  },
  proof: join('node_modules', '@medusajs', 'cli', 'cli.js'),
};
