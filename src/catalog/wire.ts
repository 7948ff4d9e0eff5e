import { z } from '@hono/zod-openapi';
import { productStates } from './product-states.ts';

const instant = z.date().openapi({ type: 'string', format: 'date-time' });

export const newSku = z.strictObject({
  code: z.string().max(500),
  title: z.string().max(2_000),
  weightG: z.number().nullable().default(null),
  barcodes: z.array(z.string().max(500)).max(100).default([]),
});

export const newProduct = z.strictObject({ title: z.string().max(2_000), skus: z.array(newSku).max(1_000) });

export const createdSku = z.object({ skuId: z.string(), code: z.string() });
export const createdProduct = z.object({ productId: z.string(), skus: z.array(createdSku) });

export const skuView = z
  .object({
    skuId: z.string(),
    productId: z.string(),
    code: z.string(),
    title: z.string(),
    weightG: z.number().int().nullable(),
    barcodes: z.array(z.string()).readonly(),
    version: z.number().int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('Sku');

export const productView = z
  .object({
    productId: z.string(),
    title: z.string(),
    state: z.enum(productStates),
    version: z.number().int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('Product');

export const productDetail = productView.extend({ skus: z.array(skuView).readonly() }).openapi('ProductDetail');

export const skuChange = z.strictObject({
  title: z.string().max(2_000).optional(),
  weightG: z.number().nullable().optional(),
});
export const productChange = z.strictObject({
  title: z.string().max(2_000).optional(),
  state: z.enum(productStates).optional(),
});

/** The ETag that was read, which is the version. */
export const ifMatchHeader = z.object({
  'if-match': z.string().regex(/^"\d{1,9}"$/, 'is the ETag that was read, such as "3"'),
});

export function versionOf(tag: string): number {
  return Number(tag.slice(1, -1));
}
