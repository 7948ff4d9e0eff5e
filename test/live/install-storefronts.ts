import { medusaPackages } from './medusa/install.ts';
import { installFromNpm } from './storefront/install-from-npm.ts';
import { vendurePackages } from './vendure/install.ts';

/** Both storefronts at once and before any test: files that run side by side find them. What fails here, the files tell. */
export default async function installStorefronts(): Promise<void> {
  await Promise.allSettled([installFromNpm(vendurePackages), installFromNpm(medusaPackages)]);
}
