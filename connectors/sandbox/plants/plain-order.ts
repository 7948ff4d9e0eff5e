import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import { sandbox } from '../index.ts';

const settings = { baseUrl: 'http://shop.test', apiKey: 'key', webhookSecret: 'webhook-secret' };

/** The well-behaved shop's order needs no settings to be read. */
export function toChannelOrder(body: string): ChannelOrder {
  return sandbox.orders.toChannelOrder(body, settings);
}
