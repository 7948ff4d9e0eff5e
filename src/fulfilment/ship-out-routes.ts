import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { correctTracking } from './correct-tracking.ts';
import { shipOut } from './ship-out.ts';
import { shipOutAnswer, shipOutMany, shipOutOne, trackingOne } from './wire.ts';

const tags = ['shipments'];
const params = z.object({ shipmentId: z.uuid() });

export function shipOutRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/shipments/ship-out',
        tags,
        summary: 'Ship parcels out, all or none; the same tracking again changes nothing',
        ...scope('shipments:write'),
        request: { body: bodyOf(shipOutMany) },
        responses: { 200: jsonOf(z.object({ shipments: z.array(shipOutAnswer) })), ...problems },
      }),
      async (c) => {
        const inputs = c.req.valid('json').shipments.map((one, index) => ({
          ...one,
          shipmentId: parseId<'shipment'>(one.shipmentId, `shipments.${index}.shipmentId`),
        }));
        return c.json({ shipments: await mutate(c, (ctx) => shipOut(ctx, inputs)) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/shipments/{shipmentId}/ship-out',
        tags,
        summary: 'Ship one parcel out; the same tracking again changes nothing',
        ...scope('shipments:write'),
        request: { params, body: bodyOf(shipOutOne) },
        responses: { 200: jsonOf(shipOutAnswer), ...problems },
      }),
      async (c) => {
        const shipmentId = parseId<'shipment'>(c.req.valid('param').shipmentId, 'shipmentId');
        const tracking = c.req.valid('json');
        const [answer] = await mutate(c, (ctx) => shipOut(ctx, [{ shipmentId, ...tracking }]));
        return c.json(answer ?? { shipmentId, outcome: 'unchanged' as const }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/shipments/{shipmentId}/tracking',
        tags,
        summary: 'Correct the tracking of a parcel that has left; channels are told an update',
        ...scope('shipments:write'),
        request: { params, body: bodyOf(trackingOne) },
        responses: { 200: jsonOf(z.object({ isChanged: z.boolean() })), ...problems },
      }),
      async (c) => {
        const shipmentId = parseId<'shipment'>(c.req.valid('param').shipmentId, 'shipmentId');
        const tracking = c.req.valid('json');
        const isChanged = await mutate(
          c,
          async (ctx) => (await correctTracking(ctx, [{ shipmentId, ...tracking }])).length > 0,
        );
        return c.json({ isChanged }, 200);
      },
    );
}
