import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { parseId } from '../kernel/index.ts';
import type { Keyring } from '../platform/crypto/index.ts';
import {
  bodyOf,
  jsonOf,
  mutate,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  scope,
  type AppEnv,
} from '../platform/http/index.ts';
import type { InvoiceId, InvoiceRequestId } from './ids.ts';
import { printInvoice } from './print-invoice.ts';
import { getInvoice, listInvoices, listRequests } from './queries.ts';
import { requestInvoice } from './requests/request-invoice.ts';
import { retryRequest } from './requests/retry-request.ts';
import {
  invoiceDetailView,
  invoiceFilters,
  invoiceView,
  orderIdOf,
  requestedView,
  requestState,
  requestView,
  shopIdOf,
} from './views.ts';

const tags = ['invoices'];
const invoiceParams = z.object({ invoiceId: z.uuid() });
const invoiceIdOf = (text: string): InvoiceId => parseId<'invoice'>(text, 'invoiceId');
const requestIdOf = (text: string): InvoiceRequestId => parseId<'invoice_request'>(text, 'requestId');

/** Invoices and credit notes as issued, their PDF, and requests. Settings and series: settings-routes.ts. */
export function invoiceRoutes(deps: { readonly keyring: Keyring }): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/invoices',
        tags,
        summary: 'List invoices and credit notes, newest first',
        ...scope('invoices:read'),
        request: { query: invoiceFilters },
        responses: { 200: jsonOf(pageOf(invoiceView)), ...problems },
      }),
      async (c) => {
        const { after, limit, orderId, shopId, ...filters } = c.req.valid('query');
        const wanted = {
          ...filters,
          orderId: orderId === undefined ? undefined : orderIdOf(orderId),
          shopId: shopId === undefined ? undefined : shopIdOf(shopId),
        };
        const { items, next } = await c.get('database').read((db) => listInvoices(db, { after, limit }, wanted));
        return c.json({ items: [...items], next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/invoices/{invoiceId}',
        tags,
        summary: 'One invoice or credit note with all it says but its receiver, who is in the PDF',
        ...scope('invoices:read'),
        request: { params: invoiceParams },
        responses: { 200: jsonOf(invoiceDetailView), ...problems },
      }),
      async (c) => {
        const id = invoiceIdOf(c.req.valid('param').invoiceId);
        return c.json(await c.get('database').read((db) => getInvoice(db, { id })), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/invoices/{invoiceId}/pdf',
        tags,
        summary: 'The PDF; characters that its fonts lack are named in Wharf-Missing-Characters',
        ...scope('invoices:read'),
        request: { params: invoiceParams },
        responses: {
          200: {
            description: 'Always the same bytes for the same version of Wharf',
            content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
          },
          ...problems,
        },
      }),
      async (c) => {
        const id = invoiceIdOf(c.req.valid('param').invoiceId);
        const { number, bytes, missing } = await printInvoice((body) => c.get('database').read(body), deps.keyring, id);
        if (missing.length > 0) c.header('Wharf-Missing-Characters', missing.slice(0, 50).join(', '));
        return c.body(new Uint8Array(bytes), 200, {
          'Content-Type': 'application/pdf',
          'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent(`${number}.pdf`)}`,
        });
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/orders/{orderId}/invoices',
        tags,
        summary: 'Ask for the invoice of an order, whatever the rule; asked again, it is the same one',
        ...scope('invoices:write'),
        request: { params: z.object({ orderId: z.uuid() }), body: bodyOf(z.object({})) },
        responses: { 202: jsonOf(requestedView, 'Requested; numbered by the invoicing lane'), ...problems },
      }),
      async (c) => {
        const orderId = orderIdOf(c.req.valid('param').orderId);
        return c.json(await mutate(c, (ctx) => requestInvoice(ctx, orderId)), 202);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/invoice-requests',
        tags,
        summary: 'List requests, newest first: those that wait, are parked with their cause, or are done',
        ...scope('invoices:read'),
        request: { query: pageQuery.extend({ state: requestState.optional(), orderId: z.uuid().optional() }) },
        responses: { 200: jsonOf(pageOf(requestView)), ...problems },
      }),
      async (c) => {
        const { after, limit, state, orderId } = c.req.valid('query');
        const wanted = { state, orderId: orderId === undefined ? undefined : orderIdOf(orderId) };
        const { items, next } = await c.get('database').read((db) => listRequests(db, { after, limit }, wanted));
        return c.json({ items: [...items], next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/invoice-requests/{requestId}/retry',
        tags,
        summary: 'Let a parked request be numbered: its cause is gone, or it was not issued before a restore',
        ...scope('invoices:write'),
        request: { params: z.object({ requestId: z.uuid() }), body: bodyOf(z.object({})) },
        responses: { 202: jsonOf(z.object({ requestId: z.string() })), ...problems },
      }),
      async (c) => {
        const requestId = requestIdOf(c.req.valid('param').requestId);
        return c.json(await mutate(c, (ctx) => retryRequest(ctx, requestId)), 202);
      },
    );
}
