import { sql } from 'drizzle-orm';
import { readSkus } from '../catalog/index.ts';
import { authorise } from '../identity/index.ts';
import type { SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/**
 * SKUs got a code or a barcode: listings that waited for one get their proposal. A match by code replaces one by barcode, as
 * in `proposeSku`. Locks the listings by id. The body of a marker for `sku.coded`; returns how many got one.
 */
export async function refreshProposals(ctx: Ctx, skuIds: readonly SkuId[]): Promise<number> {
  authorise(ctx, 'shops:write');
  const skus = [...(await readSkus(ctx.tx, [...new Set(skuIds)])).values()];
  const keys = [
    ...skus.map((sku) => ({ text: sku.code, skuId: sku.skuId, by: 'sku' })),
    ...skus.flatMap((sku) => sku.barcodes.map((text) => ({ text, skuId: sku.skuId, by: 'barcode' }))),
  ];
  if (keys.length === 0) return 0;
  const proposed = await rows(
    ctx.tx,
    sql`with keys as (
          select text collate "C" as text, sku_id, by
          from unnest(${list(
            'text',
            keys.map((key) => key.text),
          )}, ${list(
            'uuid',
            keys.map((key) => key.skuId),
          )},
                      ${list(
                        'text',
                        keys.map((key) => key.by),
                      )}) as t (text, sku_id, by)
        ), waiting as (
          select l.id, coalesce(c.sku_id, b.sku_id) as sku_id, case when c.sku_id is null then 'barcode' else 'sku' end as by
          from listings l
          left join keys c on c.by = 'sku' and c.text = l.sku_code
          left join keys b on b.by = 'barcode' and b.text = l.barcode and l.proposed_by is distinct from 'sku'
          where l.sku_id is null and (c.sku_id is not null or b.sku_id is not null)
          order by l.id
          for no key update of l
        )
        update listings l
        set proposed_sku_id = waiting.sku_id, proposed_by = waiting.by, version = l.version + 1, updated_at = ${ctx.now}
        from waiting
        where l.id = waiting.id and (l.proposed_sku_id, l.proposed_by) is distinct from (waiting.sku_id, waiting.by)
        returning l.id`,
  );
  return proposed.length;
}
