import { z } from '@hono/zod-openapi';
import { parseId, type OrderId, type ShopId } from '../kernel/index.ts';
import { pageQuery } from '../platform/http/index.ts';
import { invoiceContent, languages } from './content.ts';
import { moments } from './rules.ts';

const day = z.iso.date();
const kind = z.enum(['invoice', 'credit_note']);

export const invoiceView = z.object({
  invoiceId: z.string(),
  number: z.string(),
  kind,
  orderId: z.string(),
  orderNumber: z.number().int(),
  shopId: z.string(),
  issuedAt: z.date(),
  issuedOn: z.string(),
  currency: z.string(),
  totalMinor: z.number().int(),
  taxMinor: z.number().int(),
  creditedMinor: z.number().int(),
  corrects: z.string().nullable(),
});

export const invoiceDetailView = invoiceView.extend({ content: invoiceContent });

export const invoiceFilters = pageQuery.extend({
  orderId: z.uuid().optional(),
  shopId: z.uuid().optional(),
  kind: kind.optional(),
  from: day.optional().openapi({ description: 'First day of issue' }),
  until: day.optional().openapi({ description: 'Last day of issue' }),
});

export const requestState = z.enum(['due', 'parked', 'numbered', 'dropped']);

export const requestView = z.object({
  requestId: z.string(),
  orderId: z.string(),
  orderNumber: z.number().int(),
  kind,
  source: z.string(),
  state: requestState,
  series: z.string(),
  amountMinor: z.number().int().nullable(),
  cause: z.record(z.string(), z.unknown()).nullable(),
  createdAt: z.date(),
  number: z.string().nullable(),
});

export const requestedView = z.object({
  requestId: z.string(),
  state: z.enum(['due', 'numbered']),
  number: z.string().nullable(),
});

export const seriesView = z.object({
  seriesId: z.string(),
  code: z.string(),
  format: z.string(),
  restarts: z.enum(['yearly', 'never']),
  period: z.number().int(),
  lastSerial: z.number().int(),
  state: z.enum(['open', 'locked']),
  lockedAt: z.date().nullable(),
  lockedBecause: z.string().nullable(),
  doubtedBefore: z.date().nullable(),
});

export const ruleView = z.object({
  shopId: z.string().nullable(),
  at: z.enum(moments).nullable(),
  language: z.enum(languages).nullable(),
  invoiceSeries: z.string().nullable(),
  creditSeries: z.string().nullable(),
  ordersSince: z.date().nullable(),
  updatedAt: z.date(),
});

/** What is not named stays; null takes a shop back to the company's. */
export const ruleBody = z.object({
  at: z.enum(moments).nullable().optional(),
  language: z.enum(languages).nullable().optional(),
  invoiceSeries: z.string().max(40).nullable().optional().openapi({ description: 'Code of a series' }),
  creditSeries: z.string().max(40).nullable().optional(),
  ordersSince: z.coerce
    .date()
    .optional()
    .openapi({ description: 'Orders placed earlier are not invoiced by the rule' }),
});

export const orderIdOf = (text: string): OrderId => parseId<'order'>(text, 'orderId');
export const shopIdOf = (text: string): ShopId => parseId<'shop'>(text, 'shopId');
