import type { ChannelFault } from '../connector-kit/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { closeExceptions, openExceptions } from '../platform/exceptions/index.ts';
import type { Ctx } from '../platform/db/index.ts';

const kinds = ['shop.unauthorised', 'shop.unreachable'] as const;

/** Shows people a shop that will not come back by itself, or not soon. */
export async function openShopException(
  ctx: Ctx,
  shopId: ShopId,
  fault: ChannelFault,
  failures: number,
): Promise<void> {
  const isRefused = fault.kind === 'unauthorised';
  await openExceptions(ctx, [
    {
      kind: isRefused ? 'shop.unauthorised' : 'shop.unreachable',
      subjectKind: 'shop',
      subjectId: shopId,
      shopId,
      cause: { fault: fault.kind, failures },
      nextStep: isRefused
        ? 'Enter new credentials for the shop'
        : 'Look whether the channel is down; calls go on by themselves once it answers',
    },
  ]);
}

export async function closeShopExceptions(ctx: Ctx, shopId: ShopId): Promise<void> {
  await closeExceptions(
    ctx,
    kinds.map((kind) => ({ kind, subjectKind: 'shop', subjectId: shopId })),
  );
}
