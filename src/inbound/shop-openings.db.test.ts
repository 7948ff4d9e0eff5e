import { expect, it } from 'vitest';
import { useSandboxShop, type SandboxWorld } from '../../test/support/factories/sandbox-world.ts';
import type { ShopDeps } from '../channels/index.ts';
import { drainInbox, openReception } from './index.ts';

const bench = useSandboxShop('webhooks');

/** How often the key of this shop is unwrapped, which every opening of it does once. */
function counting({ shopId }: SandboxWorld): { deps: ShopDeps; openings(): number } {
  const deps = bench.deps();
  let count = 0;
  const openDataKey: ShopDeps['keyring']['openDataKey'] = (wrapped, recordId) => {
    if (recordId === shopId) count += 1;
    return deps.keyring.openDataKey(wrapped, recordId);
  };
  return {
    deps: { ...deps, keyring: { ...deps.keyring, openDataKey } },
    openings() {
      const counted = count;
      count = 0;
      return counted;
    },
  };
}

it('webhooks of one shop, and a batch of its messages, open it as often as one does', async () => {
  const world = await bench.open();
  const { deps, openings } = counting(world);
  const { webhookKey } = (await world.session()).shop;
  const receiveOne = openReception(deps);
  const [listing] = world.listings;
  const tell = (orders: number): Promise<unknown> => {
    const before = world.shop.webhooks.events().length;
    for (let order = 0; order < orders; order += 1) {
      world.shop.placeOrder({ lines: [{ listingId: listing?.externalId ?? '', quantity: 1 }], oversell: true });
    }
    const told = world.shop.webhooks.events().slice(before);
    return Promise.all(
      told.map((event) =>
        receiveOne(webhookKey, {
          method: 'POST',
          url: 'http://127.0.0.1/hooks/shop',
          headers: world.shop.webhooks.headers(event),
          rawBody: Buffer.from(event.body),
        }).then(({ status }) => expect(status).toBe(202)),
      ),
    );
  };
  const counts = [];
  for (const orders of [1, 90]) {
    await tell(orders);
    const told = openings();
    const { claimed } = await drainInbox(deps, [world.shopId]);
    expect(claimed).toBe(orders);
    counts.push({ told, drained: openings() });
  }
  const [one, many] = counts;
  expect(one).toEqual({ told: 1, drained: 1 });
  expect(many?.told).toBeLessThanOrEqual(2);
  expect(many?.drained).toBe(1);
});
