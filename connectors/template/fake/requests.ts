import { z } from 'zod';
import { Refusal } from './state.ts';

const units = z.array(z.strictObject({ item_id: z.string(), quantity: z.number().int() }));

export const cancelRequest = z.strictObject({ items: units, reason: z.string() });

export const refundRequest = z.strictObject({
  reference: z.string().nullable(),
  amount: z.string().regex(/^\d+(\.\d+)?$/),
  reason: z.string().nullable(),
});

export const packageRequest = z.strictObject({
  reference: z.string().nullable(),
  tracking_number: z.string().min(1),
  carrier: z.string().min(1),
  items: units,
});

export const stockRequest = z.strictObject({
  items: z.array(z.strictObject({ variant_id: z.string(), available: z.number().int() })),
});

export const webhookRequest = z.strictObject({ url: z.url() });

/** Reads a body, or refuses it as the vendor does: a key it does not know is an error there too. */
export async function readBody<Schema extends z.ZodType>(
  request: { text(): Promise<string> },
  schema: Schema,
): Promise<z.infer<Schema>> {
  const body = schema.safeParse(parseJson(await request.text()));
  if (body.success) return body.data;
  const { path = [], message = '' } = body.error.issues[0] ?? {};
  throw new Refusal(422, 'bad_request', `${path.join('.')}: ${message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(422, 'bad_json', 'the body is not JSON');
  }
}
