import type { SkuId } from '../kernel/index.ts';
import type { Ctx, DomainEvent } from '../platform/db/index.ts';

/** What a channel may be shown of these SKUs may have changed. */
export type StockChanged = { readonly kind: 'stock.changed'; readonly skuIds: readonly SkuId[] };

/** Units of these SKUs have become reservable: whoever waits for them should be looked at. */
export type StockFreed = { readonly kind: 'stock.freed'; readonly skuIds: readonly SkuId[] };

/** There is open demand that the allocator has not looked at. */
export type DemandDue = { readonly kind: 'demand.due' };

export function raiseStockChanged(ctx: Ctx, skuIds: Iterable<SkuId>): void {
  raise<StockChanged>(ctx, 'stock.changed', skuIds);
}

export function raiseStockFreed(ctx: Ctx, skuIds: Iterable<SkuId>): void {
  raise<StockFreed>(ctx, 'stock.freed', skuIds);
}

export function raiseDemandDue(ctx: Ctx): void {
  ctx.events.push({ kind: 'demand.due' } satisfies DemandDue);
}

function raise<Event extends StockChanged | StockFreed>(ctx: Ctx, kind: Event['kind'], skuIds: Iterable<SkuId>): void {
  const unique = [...new Set(skuIds)];
  if (unique.length > 0) ctx.events.push({ kind, skuIds: unique } as DomainEvent);
}
