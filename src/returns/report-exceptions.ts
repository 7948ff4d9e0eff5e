import type { ShopId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { openExceptions, type ExceptionKey } from '../platform/exceptions/index.ts';
import type { ReturnId } from './return-states.ts';
import { staleException } from './stale-returns.ts';

type Of = { readonly returnId: ReturnId; readonly number: number; readonly shopId: ShopId };

export function cancelledException(returnId: ReturnId): ExceptionKey {
  return { kind: 'return.cancelled_on_channel', subjectKind: 'return', subjectId: returnId };
}

function changedException(returnId: ReturnId): ExceptionKey {
  return { kind: 'return.changed_on_channel', subjectKind: 'return', subjectId: returnId };
}

/** What nobody needs to look at any more once a return is decided or withdrawn. */
export function openReturnExceptions(returnId: ReturnId): ExceptionKey[] {
  return [staleException(returnId), cancelledException(returnId), changedException(returnId)];
}

/** The buyer keeps the goods, says the channel, and the return here cannot just go. */
export async function tellCancelled(ctx: Ctx, returns: readonly Of[]): Promise<void> {
  await openExceptions(
    ctx,
    returns.map(({ returnId, number, shopId }) => ({
      ...cancelledException(returnId),
      shopId,
      cause: { return: number },
      nextStep: `Withdraw it, or decide none for what does not come: wharf return withdraw ${number}; wharf return decide ${number}.`,
    })),
  );
}

/** The channel names other units than those that the return was opened for. */
export async function tellChanged(ctx: Ctx, returns: readonly Of[]): Promise<void> {
  await openExceptions(
    ctx,
    returns.map(({ returnId, number, shopId }) => ({
      ...changedException(returnId),
      shopId,
      cause: { return: number },
      nextStep: `Compare with the channel: decide what came, or withdraw return ${number} and enter it anew: wharf return show ${number}.`,
    })),
  );
}
