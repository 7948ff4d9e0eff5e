import { z } from 'zod';
import { ChannelFault, channelOrder, type AnyConnector, type ChannelOrder } from '../connector-kit/index.ts';
import { storableJson } from '../kernel/index.ts';

export type Translation =
  | { readonly ok: true; readonly order: ChannelOrder }
  | { readonly ok: false; readonly cause: Readonly<Record<string, unknown>> };

/** A raw document into our words. Whatever is wrong with it is its cause to be parked; it never stops its neighbours. */
export function translateDocument(
  connector: AnyConnector,
  settings: unknown,
  externalId: string,
  body: string,
): Translation {
  try {
    const order = channelOrder.parse(connector.orders.toChannelOrder(body, settings));
    if (order.externalId === externalId) return { ok: true, order };
    return { ok: false, cause: storableJson({ code: 'inbox.other_order', found: order.externalId }) };
  } catch (error) {
    return { ok: false, cause: storableJson(causeOf(error)) };
  }
}

/** Codes, paths and the vendor's raw code; never the document's own words, which may be personal. */
function causeOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof ChannelFault) return { code: `channel.${error.kind}`, ...error.reason };
  if (error instanceof z.ZodError) {
    return {
      code: 'inbox.not_an_order',
      fields: error.issues.slice(0, 10).map(({ path, code }) => ({ path: path.join('.'), code })),
    };
  }
  return { code: 'inbox.untranslatable', error: error instanceof Error ? error.name : 'unknown' };
}
