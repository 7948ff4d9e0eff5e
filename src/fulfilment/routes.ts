import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { Fault, parseId } from '../kernel/index.ts';
import { etag, jsonOf, newRouter, pageOf, pageQuery, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { adjustmentRoutes } from './adjustment-routes.ts';
import { parcelRoutes } from './parcel-routes.ts';
import { getShipment, listShipments } from './queries.ts';
import { shipOutRoutes } from './ship-out-routes.ts';
import { shipmentDetail, shipmentState, shipmentView } from './wire.ts';

const tags = ['shipments'];

/** /shipments, and /stock/adjustments, which may have to release reservations. */
export function shipmentRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .route('/', shipOutRoutes())
    .route('/', parcelRoutes())
    .route('/', adjustmentRoutes())
    .openapi(
      createRoute({
        method: 'get',
        path: '/shipments',
        tags,
        summary: 'List shipments, the newest first',
        ...scope('shipments:read'),
        request: {
          query: pageQuery.extend({
            state: shipmentState.optional(),
            warehouseId: z.uuid().optional(),
            orderId: z.uuid().optional(),
          }),
        },
        responses: { 200: jsonOf(pageOf(shipmentView)), ...problems },
      }),
      async (c) => {
        const { after, limit, state, warehouseId, orderId } = c.req.valid('query');
        const found = await c.get('database').read((db) =>
          listShipments(
            db,
            { after, limit },
            {
              ...(state === undefined ? {} : { state }),
              ...(warehouseId === undefined ? {} : { warehouseId: parseId<'warehouse'>(warehouseId, 'warehouseId') }),
              ...(orderId === undefined ? {} : { orderId: parseId<'order'>(orderId, 'orderId') }),
            },
          ),
        );
        return c.json(
          { items: found.items.map((one) => ({ ...one, orders: [...one.orders] })), next: found.next },
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/shipments/{shipmentId}',
        tags,
        summary: 'A shipment with its lines and why it leaves from its warehouse',
        ...scope('shipments:read'),
        request: { params: z.object({ shipmentId: z.uuid() }) },
        responses: { 200: jsonOf(shipmentDetail), ...problems },
      }),
      async (c) => {
        const shipmentId = parseId<'shipment'>(c.req.valid('param').shipmentId, 'shipmentId');
        const found = await c.get('database').read((db) => getShipment(db, shipmentId));
        if (found === null) throw new Fault('not_found', 'shipment.not_found', { data: { shipmentId } });
        c.header('ETag', etag(found.version));
        return c.json({ ...found, orders: [...found.orders], lines: [...found.lines] }, 200);
      },
    );
}
