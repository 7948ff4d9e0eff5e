import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { positiveQuantity, type OrderId, type PartId, type ShopId, type SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { raiseDemandDue, raiseStockChanged } from './events.ts';

export type NewDemand = {
  readonly partId: PartId;
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly skuId: SkuId;
  /** SKU units taken in and not yet reserved. */
  readonly quantity: number;
  /** Whether the units are off sale: at once, or only from payment on where the shop deducts at payment. */
  readonly claims: boolean;
  readonly isHeld: boolean;
  /** The higher goes first. */
  readonly priority: number;
  readonly shipBy: Date | null;
  readonly paidAt: Date | null;
  readonly placedAt: Date;
};

/** Claims the units of new parts at once, whatever the hold (DESIGN §1.5). A part has one demand row, for ever. */
export async function openDemand(ctx: Ctx, demands: readonly NewDemand[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (demands.length === 0) return;
  demands.forEach((demand, index) => positiveQuantity(demand.quantity, `demands.${index}.quantity`));
  await rows(
    ctx.tx,
    sql`insert into stock_demand (part_id, order_id, shop_id, sku_id, quantity, claims, is_held, is_due, priority, ship_by,
          paid_at, placed_at)
        select part_id, order_id, shop_id, sku_id, quantity, claims, is_held, true, priority, ship_by, paid_at, placed_at
        from unnest(
          ${list(
            'uuid',
            demands.map((demand) => demand.partId),
          )},
          ${list(
            'uuid',
            demands.map((demand) => demand.orderId),
          )},
          ${list(
            'uuid',
            demands.map((demand) => demand.shopId),
          )},
          ${list(
            'uuid',
            demands.map((demand) => demand.skuId),
          )},
          ${list(
            'int4',
            demands.map((demand) => demand.quantity),
          )},
          ${list(
            'bool',
            demands.map((demand) => demand.claims),
          )},
          ${list(
            'bool',
            demands.map((demand) => demand.isHeld),
          )},
          ${list(
            'int4',
            demands.map((demand) => demand.priority),
          )},
          ${list(
            'timestamptz',
            demands.map((demand) => demand.shipBy),
          )},
          ${list(
            'timestamptz',
            demands.map((demand) => demand.paidAt),
          )},
          ${list(
            'timestamptz',
            demands.map((demand) => demand.placedAt),
          )}
        ) as demand (part_id, order_id, shop_id, sku_id, quantity, claims, is_held, priority, ship_by, paid_at, placed_at)`,
  );
  raiseStockChanged(
    ctx,
    demands.filter((demand) => demand.claims).map((demand) => demand.skuId),
  );
  if (demands.some((demand) => !demand.isHeld)) raiseDemandDue(ctx);
}
