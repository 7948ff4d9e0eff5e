import { sql, type SQL } from 'drizzle-orm';
import {
  decodeCursor,
  Fault,
  toPage,
  type Page,
  type PageRequest,
  type ProductId,
  type SkuId,
} from '../kernel/index.ts';
import { firstRow, list, rows, type AnyDb } from '../platform/db/index.ts';
import type { ProductState } from './product-states.ts';

export type SkuRow = {
  readonly skuId: SkuId;
  readonly productId: ProductId;
  readonly code: string;
  readonly title: string;
  readonly weightG: number | null;
  readonly barcodes: readonly string[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type ProductRow = {
  readonly productId: ProductId;
  readonly title: string;
  readonly state: ProductState;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** SKUs by exact code. A code that names none is missing from the map. */
export async function findSkusByCodes(db: AnyDb, codes: readonly string[]): Promise<Map<string, SkuId>> {
  return byCode(db, codes, sql`select code, id as "skuId" from skus where code = any(${list('text', codes)})`);
}

/** SKUs by exact barcode. A barcode that names none is missing from the map. */
export async function findSkusByBarcodes(db: AnyDb, codes: readonly string[]): Promise<Map<string, SkuId>> {
  return byCode(db, codes, sql`select code, sku_id as "skuId" from barcodes where code = any(${list('text', codes)})`);
}

async function byCode(db: AnyDb, codes: readonly string[], query: SQL): Promise<Map<string, SkuId>> {
  if (codes.length === 0) return new Map();
  const found = await rows<{ code: string; skuId: SkuId }>(db, query);
  return new Map(found.map(({ code, skuId }) => [code, skuId]));
}

const skuColumns = sql`s.id as "skuId", s.product_id as "productId", s.code, s.title, s.weight_g as "weightG", s.version,
  s.created_at as "createdAt", s.updated_at as "updatedAt",
  array(select b.code from barcodes b where b.sku_id = s.id order by b.code) as barcodes`;

/** SKUs by id. An id that names none is missing from the map. */
export async function readSkus(db: AnyDb, skuIds: readonly SkuId[]): Promise<Map<SkuId, SkuRow>> {
  if (skuIds.length === 0) return new Map();
  const found = await rows<SkuRow>(db, sql`select ${skuColumns} from skus s where s.id = any(${list('uuid', skuIds)})`);
  return new Map(found.map((sku) => [sku.skuId, sku]));
}

/** Throws Fault `sku.unknown`. */
export async function getSku(db: AnyDb, skuId: SkuId): Promise<SkuRow> {
  const sku = (await readSkus(db, [skuId])).get(skuId);
  if (sku === undefined) throw new Fault('not_found', 'sku.unknown', { data: { skuId } });
  return sku;
}

/**
 * SKUs in the order of their codes. `search` keeps those whose code begins with it, whose title contains it (neither
 * minds the case), or that carry exactly this barcode.
 */
export async function listSkus(
  db: AnyDb,
  page: PageRequest & { readonly search?: string | null },
): Promise<Page<SkuRow>> {
  const [after] = page.after === null ? [null] : decodeCursor(page.after, 1);
  const search = page.search?.trim() || null;
  const matches =
    search === null
      ? sql`true`
      : sql`(s.code ilike ${`${likeText(search)}%`} or s.title ilike ${`%${likeText(search)}%`}
             or exists (select from barcodes b where b.code = ${search} and b.sku_id = s.id))`;
  const found = await rows<SkuRow>(
    db,
    sql`select ${skuColumns} from skus s
        where (${after}::text is null or s.code > ${after}::text) and ${matches}
        order by s.code limit ${page.limit + 1}`,
  );
  return toPage(found, page.limit, (sku) => [sku.code]);
}

const productColumns = sql`p.id as "productId", p.title, p.state, p.version, p.created_at as "createdAt",
  p.updated_at as "updatedAt"`;

/** A product with its SKUs in the order of their codes. Throws Fault `product.unknown`. */
export async function getProduct(
  db: AnyDb,
  productId: ProductId,
): Promise<ProductRow & { readonly skus: readonly SkuRow[] }> {
  const product = await firstRow<ProductRow>(
    db,
    sql`select ${productColumns} from products p where p.id = ${productId}`,
  );
  if (product === null) throw new Fault('not_found', 'product.unknown', { data: { productId } });
  const skus = await rows<SkuRow>(
    db,
    sql`select ${skuColumns} from skus s where s.product_id = ${productId} order by s.code`,
  );
  return { ...product, skus };
}

/** Products, newest first. `search` keeps those whose title contains it. */
export async function listProducts(
  db: AnyDb,
  page: PageRequest & { readonly search?: string | null },
): Promise<Page<ProductRow>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const search = page.search?.trim() || null;
  const found = await rows<ProductRow & { key: string }>(
    db,
    sql`select ${productColumns}, p.created_at::text as key from products p
        where (${id}::uuid is null or (p.created_at, p.id) < (${at}::timestamptz, ${id}::uuid))
          and ${search === null ? sql`true` : sql`p.title ilike ${`%${likeText(search)}%`}`}
        order by p.created_at desc, p.id desc limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.productId]);
  return { items: items.map(({ key: _key, ...product }) => product), next };
}

/** Takes the meaning out of LIKE's own characters. */
function likeText(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}
