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
import { changeProduct } from './change-product.ts';
import { createProducts } from './create-products.ts';
import { getProduct, listProducts } from './queries.ts';
import {
  createdProduct,
  ifMatchHeader,
  newProduct,
  productChange,
  productDetail,
  productView,
  versionOf,
} from './wire.ts';

const tags = ['catalog'];
const productParams = z.object({ productId: z.uuid() });
const search = z.string().max(200).optional();

export function productRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/products',
        tags,
        summary: 'Create products with their SKUs and barcodes, all or none',
        ...scope('catalog:write'),
        request: { body: bodyOf(z.strictObject({ products: z.array(newProduct).max(1_000) })) },
        responses: { 201: jsonOf(z.object({ products: z.array(createdProduct) })), ...problems },
      }),
      async (c) => {
        const { products } = c.req.valid('json');
        const created = await mutate(c, async (ctx) => createProducts(ctx, products));
        return c.json({ products: created.map(({ productId, skus }) => ({ productId, skus: [...skus] })) }, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/products',
        tags,
        summary: 'List products, newest first; `search` looks into titles',
        ...scope('catalog:read'),
        request: { query: pageQuery.extend({ search }) },
        responses: { 200: jsonOf(pageOf(productView)), ...problems },
      }),
      async (c) => {
        const { search: text, ...page } = c.req.valid('query');
        const found = await c.get('database').read((db) => listProducts(db, { ...page, search: text ?? null }));
        return c.json({ items: [...found.items], next: found.next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/products/{productId}',
        tags,
        summary: 'Get a product with its SKUs',
        ...scope('catalog:read'),
        request: { params: productParams },
        responses: { 200: jsonOf(productDetail), ...problems },
      }),
      async (c) => {
        const productId = parseId<'product'>(c.req.valid('param').productId, 'productId');
        const product = await c.get('database').read((db) => getProduct(db, productId));
        c.header('ETag', etag(product.version));
        return c.json(product, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/products/{productId}',
        tags,
        summary: 'Change the title or state of a product',
        ...scope('catalog:write'),
        request: { params: productParams, headers: ifMatchHeader, body: bodyOf(productChange) },
        responses: { 200: jsonOf(z.object({ version: z.number().int() })), ...problems },
      }),
      async (c) => {
        const { title, state } = c.req.valid('json');
        const change = {
          productId: parseId<'product'>(c.req.valid('param').productId, 'productId'),
          version: versionOf(c.req.valid('header')['if-match']),
          ...(title === undefined ? {} : { title }),
          ...(state === undefined ? {} : { state }),
        };
        const changed = await mutate(c, (ctx) => changeProduct(ctx, change));
        c.header('ETag', etag(changed.version));
        return c.json(changed, 200);
      },
    );
}
