import { recordShopFault, type ShopDeps, type ShopSession } from '../channels/index.ts';
import { ChannelFault, decideRetry, type ConnectorIo } from '../connector-kit/index.ts';
import { onBehalf } from '../platform/db/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { inboundActor } from './actor.ts';

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `isFinal`: the same call would fail again; otherwise the shop is paused and the work stays due. */
  | { readonly ok: false; readonly fault: ChannelFault; readonly isFinal: boolean };

/** One reading call to the channel. Its fault is written to the shop's health; anything else is thrown on. */
export async function callChannel<Value>(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  call: (io: ConnectorIo<unknown>) => Promise<Value>,
): Promise<Answer<Value>> {
  await lease.stillHeld();
  try {
    return { ok: true, value: await call(session.io(signal, deps.clock.now())) };
  } catch (error) {
    if (signal.aborted || !(error instanceof ChannelFault)) throw error;
    await deps.database.transact({ actor: inboundActor }, async (ctx) => {
      await lease.guard(ctx);
      await recordShopFault(onBehalf(ctx, 'call_channel'), session.shop.shopId, error);
    });
    return { ok: false, fault: error, isFinal: decideRetry(error).action === 'give_up' };
  }
}
