import type { Ctx } from '../platform/db/index.ts';
import type { ChannelEvent } from './events.ts';

export function announce(ctx: Ctx, ...events: readonly ChannelEvent[]): void {
  for (const event of events) ctx.events.push(event);
}
