import type { ChannelFault } from '../connector-kit/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { closeExceptions, openExceptions } from '../platform/exceptions/index.ts';
import type { Ctx } from '../platform/db/index.ts';

const kinds = ['shop.unauthorised', 'shop.unreachable', 'shop.gone'] as const;

/** Shows people a shop that will not come back by itself, or not soon. */
export async function openShopException(
  ctx: Ctx,
  shopId: ShopId,
  fault: ChannelFault,
  failures: number,
): Promise<void> {
  await openExceptions(ctx, [
    { ...wordsOf(fault), subjectKind: 'shop', subjectId: shopId, shopId, cause: { fault: fault.kind, failures } },
  ]);
}

function wordsOf({ kind }: ChannelFault): { kind: (typeof kinds)[number]; nextStep: string } {
  if (kind === 'unauthorised') return { kind: 'shop.unauthorised', nextStep: 'Enter new credentials for the shop' };
  if (kind === 'gone') {
    const nextStep = 'The channel wants no more messages and the shop is paused; once it does, wharf shop resume';
    return { kind: 'shop.gone', nextStep };
  }
  const nextStep = 'Look whether the channel is down; calls go on by themselves once it answers';
  return { kind: 'shop.unreachable', nextStep };
}

export async function closeShopExceptions(ctx: Ctx, shopId: ShopId): Promise<void> {
  await closeExceptions(
    ctx,
    kinds.map((kind) => ({ kind, subjectKind: 'shop', subjectId: shopId })),
  );
}
