import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import {
  addSkus,
  connectPlainShop,
  createPlainChannel,
  listItems,
  plainDeps,
} from '../../../test/support/factories/plain-channel.ts';
import {
  bumpWantedVersions,
  findListingsToTell,
  recordPushFailures,
  recordShopFault,
  recordShopSuccess,
} from '../../channels/index.ts';
import { ChannelFault } from '../../connector-kit/index.ts';
import type { ShopId, SkuId } from '../../kernel/index.ts';
import { rows } from '../../platform/db/index.ts';
import { hastenedWritesMarker } from './index.ts';

const database = useDatabase({ markers: [hastenedWritesMarker()] });
let shopId: ShopId;
let skuIds: SkuId[];
const cause = { code: 'http_422', detail: 'HTTP 422' };

beforeAll(async () => {
  const deps = plainDeps(database, createPlainChannel());
  ({ shopId } = await connectPlainShop(database, deps));
  skuIds = await addSkus(database, ['A', 'B']);
  await listItems(
    database,
    shopId,
    skuIds.map((skuId, index) => ({ externalId: `listing-${index}`, skuId })),
  );
  await database.run((ctx) => rows(ctx.tx, sql`update shops set pushes_stock = true where id = ${shopId}`));
});

const dueNow = () =>
  database.run(async (ctx) =>
    (await findListingsToTell(ctx.tx, shopId, 10, ctx.now)).map(({ externalId }) => externalId).toSorted(),
  );

/** Both listings wait a day with the version they have now. */
async function failBoth(): Promise<void> {
  await database.run(async (ctx) => {
    const listings = await findListingsToTell(ctx.tx, shopId, 10, ctx.now);
    const dueAt = new Date(ctx.now.getTime() + 86_400_000);
    await recordPushFailures(
      ctx,
      listings.map(({ listingId, wantedVersion: version }) => ({ listingId, cause, dueAt, version })),
    );
  });
}

describe('a number that waits after a failure', () => {
  it('waits with its version only: a newer one is told at once', async () => {
    await failBoth();
    expect(await dueNow()).toEqual([]);
    await database.run((ctx) => bumpWantedVersions(ctx, skuIds.slice(0, 1)));
    expect(await dueNow()).toEqual(['listing-0']);
  });

  it('is due at once when a channel that was away answers again, and not after every failure', async () => {
    await failBoth();
    const fail = (): Promise<unknown> =>
      database.run((ctx) => recordShopFault(ctx, shopId, new ChannelFault({ kind: 'unavailable' })));
    await fail();
    await database.run((ctx) => recordShopSuccess(ctx, shopId, 'call'));
    expect(await dueNow()).toEqual([]);
    for (let failure = 0; failure < 5; failure += 1) await fail();
    await database.run((ctx) => recordShopSuccess(ctx, shopId, 'call'));
    expect(await dueNow()).toEqual(['listing-0', 'listing-1']);
  });
});
