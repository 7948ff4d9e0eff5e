import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import {
  bodyOf,
  etag,
  jsonOf,
  mutate,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  scope,
  type AppEnv,
} from '../platform/http/index.ts';
import { addBarcodes } from './add-barcodes.ts';
import { addSkus } from './add-skus.ts';
import { changeSku } from './change-sku.ts';
import { getSku, listSkus } from './queries.ts';
import { removeBarcodes } from './remove-barcodes.ts';
import { createdSku, ifMatchHeader, newSku, skuChange, skuView, versionOf } from './wire.ts';

const tags = ['catalog'];
const skuParams = z.object({ skuId: z.uuid() });
const barcodes = z.array(z.string().max(500)).max(1_000);

export function skuRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/skus',
        tags,
        summary: 'Add SKUs to products that exist',
        ...scope('catalog:write'),
        request: {
          body: bodyOf(
            z.strictObject({
              products: z.array(z.strictObject({ productId: z.uuid(), skus: z.array(newSku).max(1_000) })).max(1_000),
            }),
          ),
        },
        responses: { 201: jsonOf(z.object({ skus: z.array(createdSku) })), ...problems },
      }),
      async (c) => {
        const additions = c.req.valid('json').products.map(({ productId, skus }, at) => ({
          productId: parseId<'product'>(productId, `products.${at}.productId`),
          skus,
        }));
        return c.json({ skus: await mutate(c, (ctx) => addSkus(ctx, additions)) }, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/skus',
        tags,
        summary: 'List SKUs by code; `search` takes the beginning of a code, a part of a title, or a whole barcode',
        ...scope('catalog:read'),
        request: { query: pageQuery.extend({ search: z.string().max(200).optional() }) },
        responses: { 200: jsonOf(pageOf(skuView)), ...problems },
      }),
      async (c) => {
        const { search, ...page } = c.req.valid('query');
        const found = await c.get('database').read((db) => listSkus(db, { ...page, search: search ?? null }));
        return c.json({ items: [...found.items], next: found.next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/skus/{skuId}',
        tags,
        summary: 'Get a SKU',
        ...scope('catalog:read'),
        request: { params: skuParams },
        responses: { 200: jsonOf(skuView), ...problems },
      }),
      async (c) => {
        const skuId = parseId<'sku'>(c.req.valid('param').skuId, 'skuId');
        const sku = await c.get('database').read((db) => getSku(db, skuId));
        c.header('ETag', etag(sku.version));
        return c.json(sku, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/skus/{skuId}',
        tags,
        summary: 'Change the title or weight of a SKU',
        ...scope('catalog:write'),
        request: { params: skuParams, headers: ifMatchHeader, body: bodyOf(skuChange) },
        responses: { 200: jsonOf(z.object({ version: z.number().int() })), ...problems },
      }),
      async (c) => {
        const { title, weightG } = c.req.valid('json');
        const change = {
          skuId: parseId<'sku'>(c.req.valid('param').skuId, 'skuId'),
          version: versionOf(c.req.valid('header')['if-match']),
          ...(title === undefined ? {} : { title }),
          ...(weightG === undefined ? {} : { weightG }),
        };
        const changed = await mutate(c, (ctx) => changeSku(ctx, change));
        c.header('ETag', etag(changed.version));
        return c.json(changed, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/skus/barcodes',
        tags,
        summary: 'Give SKUs more barcodes',
        ...scope('catalog:write'),
        request: {
          body: bodyOf(z.strictObject({ skus: z.array(z.strictObject({ skuId: z.uuid(), barcodes })).max(1_000) })),
        },
        responses: { 200: jsonOf(z.object({ added: z.number().int() })), ...problems },
      }),
      async (c) => {
        const additions = c.req.valid('json').skus.map((addition, at) => ({
          skuId: parseId<'sku'>(addition.skuId, `skus.${at}.skuId`),
          barcodes: addition.barcodes,
        }));
        return c.json({ added: await mutate(c, (ctx) => addBarcodes(ctx, additions)) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/skus/{skuId}/barcodes/remove',
        tags,
        summary: 'Take barcodes off a SKU',
        ...scope('catalog:write'),
        request: { params: skuParams, body: bodyOf(z.strictObject({ barcodes })) },
        responses: { 200: jsonOf(z.object({ removed: z.number().int() })), ...problems },
      }),
      async (c) => {
        const skuId = parseId<'sku'>(c.req.valid('param').skuId, 'skuId');
        const { barcodes: codes } = c.req.valid('json');
        return c.json({ removed: await mutate(c, (ctx) => removeBarcodes(ctx, { skuId, barcodes: codes })) }, 200);
      },
    );
}
