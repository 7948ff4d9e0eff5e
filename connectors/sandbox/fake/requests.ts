import { z } from 'zod';
import { parseLossless } from '../../../src/connector-kit/index.ts';
import { moneyFromDecimal } from '../../../src/kernel/index.ts';
import { decimalText, idText } from '../wire.ts';
import { ShopRefusal } from './shop.ts';
import type { StockItem } from './stock-door.ts';

const units = z.array(z.looseObject({ line_id: idText, quantity: z.number().int() })).max(200);
const ifVersion = z.number().int().nullable().default(null);

export const fulfilRequest = z.looseObject({
  reference: z.string().max(100).nullable().default(null),
  tracking_number: z.string().min(1).max(100),
  carrier: z.string().min(1).max(100),
  tracking_url: z.string().max(500).nullable().default(null),
  shipped_at: z.iso.datetime({ offset: true }),
  lines: units,
  if_version: ifVersion,
});

export const cancelRequest = z.looseObject({
  lines: units.nullable().default(null),
  reason: z.string().max(500).default(''),
  if_version: ifVersion,
});

export const refundRequest = z.looseObject({
  amount: decimalText,
  currency: z.string(),
  reason: z.string().max(500).default(''),
  request_id: z.string().max(100).nullable().default(null),
  lines: units.default([]),
  if_version: ifVersion,
});

export const returnRequest = z.looseObject({ reason: z.string().max(500).default(''), lines: units });

export const stockRequest = z.looseObject({
  items: z
    .array(
      z.looseObject({
        listing_id: idText,
        quantity: z.number(),
        levels: z.array(z.looseObject({ location_id: idText, quantity: z.number() })).default([]),
        if_version: ifVersion,
      }),
    )
    .max(200),
});

export const webhookRequest = z.looseObject({ url: z.url({ protocol: /^https?$/ }) });

/** Reads a body without loss, or refuses it as 422. */
export async function readBody<Schema extends z.ZodType>(
  request: { text(): Promise<string> },
  schema: Schema,
): Promise<z.infer<Schema>> {
  let value: unknown;
  try {
    value = parseLossless(await request.text());
  } catch {
    throw new ShopRefusal(422, 'bad_json', 'the body is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ShopRefusal(
    422,
    'bad_request',
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

/** One item of a stock request, in the shop's own words. */
export function settingOf(item: z.infer<typeof stockRequest>['items'][number]): StockItem {
  const levels = item.levels.map(({ location_id: locationId, quantity }) => ({ locationId, quantity }));
  return { listingId: item.listing_id, quantity: item.quantity, levels, ifVersion: item.if_version };
}

export function minorOf(amount: string, currency: string): number {
  return moneyFromDecimal(amount, currency).amount.minor;
}

export function unitsOf(
  lines: readonly { line_id: string; quantity: number }[],
): { lineId: string; quantity: number }[] {
  return lines.map(({ line_id: lineId, quantity }) => ({ lineId, quantity }));
}
