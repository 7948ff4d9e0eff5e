import { furnish, type ApiClient, type ApiSeller, type Until } from './api-client.ts';
import type { openSandbox } from './story.ts';

/** Furnishes an empty hub through its API with what a sandbox shop sells, `units` of each in its two warehouses. */
export function furnishSandbox(
  api: ApiClient,
  { sandbox, origin }: Awaited<ReturnType<typeof openSandbox>>,
  units: readonly [number, number],
  until: Until,
): Promise<ApiSeller> {
  return furnish(api, {
    channel: 'sandbox',
    settings: { baseUrl: origin, apiKey: sandbox.apiKey, webhookSecret: sandbox.webhookSecret },
    skus: sandbox.state.listings
      .filter((listing) => listing.tracksStock)
      .map(({ sku, title }) => ({ code: sku, title, units })),
    warehouses: ['NORTH', 'SOUTH'],
    until,
  });
}
