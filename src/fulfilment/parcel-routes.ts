import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { advanceShipments } from './advance-shipments.ts';
import { mergeShipments } from './merge-shipments.ts';
import { splitShipment } from './split-shipment.ts';
import { advanceBody, mergeBody, splitBody } from './wire.ts';

const tags = ['shipments'];
const answer = z.object({ shipmentId: z.string() });

export function parcelRoutes(): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/shipments/merge',
        tags,
        summary: 'Put shipments to one receiver into one parcel; the orders stay as they were sold',
        ...scope('shipments:write'),
        request: { body: bodyOf(mergeBody) },
        responses: { 200: jsonOf(answer), ...problems },
      }),
      async (c) => {
        const { shipmentIds } = c.req.valid('json');
        const ids = shipmentIds.map((id, index) => parseId<'shipment'>(id, `shipmentIds.${index}`));
        return c.json(await mutate(c, (ctx) => mergeShipments(ctx, { shipmentIds: ids })), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/shipments/advance',
        tags,
        summary: 'Move shipments along the floor, or one step back',
        ...scope('shipments:write'),
        request: { body: bodyOf(advanceBody) },
        responses: { 200: jsonOf(z.object({ advanced: z.number() })), ...problems },
      }),
      async (c) => {
        const advances = c.req.valid('json').shipments.map(({ shipmentId, to }, index) => ({
          shipmentId: parseId<'shipment'>(shipmentId, `shipments.${index}.shipmentId`),
          to,
        }));
        const advanced = await mutate(c, async (ctx) => {
          await advanceShipments(ctx, advances);
          return advances.length;
        });
        return c.json({ advanced }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/shipments/{shipmentId}/split',
        tags,
        summary: 'Make a second shipment of a part of this one; answers with the new one',
        ...scope('shipments:write'),
        request: { params: z.object({ shipmentId: z.uuid() }), body: bodyOf(splitBody) },
        responses: { 201: jsonOf(answer), ...problems },
      }),
      async (c) => {
        const shipmentId = parseId<'shipment'>(c.req.valid('param').shipmentId, 'shipmentId');
        const lines = c.req.valid('json').lines.map((line, index) => ({
          shipmentLineId: parseId<'shipment_line'>(line.shipmentLineId, `lines.${index}.shipmentLineId`),
          quantity: line.quantity,
        }));
        return c.json(await mutate(c, (ctx) => splitShipment(ctx, { shipmentId, lines })), 201);
      },
    );
}
