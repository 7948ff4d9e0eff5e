import type { Context } from 'hono';
import { webhookBodyBytesMax } from '../../../../config/defaults.ts';
import { Fault } from '../../../kernel/index.ts';

/** The bytes as they came, for signatures: `text()` would change a BOM or a GBK body. Throws Fault `body.too_large` (413). */
export async function readRawBody(c: Context, bodyBytesMax: number = webhookBodyBytesMax): Promise<Uint8Array> {
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  if (bytes.byteLength > bodyBytesMax) throw new Fault('too_large', 'body.too_large', { data: { bodyBytesMax } });
  return bytes;
}
