import {
  ChannelFault,
  defineConnector,
  webhookRetryDelaysMs,
  type ConnectionReport,
} from '../../src/connector-kit/index.ts';
import { send, type CustomIo } from './client.ts';
import { listings } from './listings.ts';
import { orders } from './orders.ts';
import { customSettings } from './settings.ts';
import { shipments } from './shipments.ts';
import { stock } from './stock.ts';
import { webhooks } from './webhooks.ts';

export const custom = defineConnector({
  code: 'custom',
  label: { en: 'A store of your own', zh: '自有商城' },
  settings: customSettings,
  origin: ({ endpointUrl }) => new URL(endpointUrl).origin,
  check,
  orders,
  listings,
  stock,
  shipments,
  webhooks,
  deliveries: { retryDelaysMs: webhookRetryDelaysMs },
  facts: {
    packages: 'partial',
    cancels: 'partial',
    refunds: 'partial',
    notes: ['Orders and listings come by webhook or through the API; nothing is polled.'],
  },
});

/** A ping: that the store takes it says that the address and the secret are right. It changes nothing, so nothing is open. */
async function check(io: CustomIo): Promise<ConnectionReport> {
  const { shopName, currency, timeZone } = io.settings;
  await send(io, `ping_${io.now.getTime()}`, 'ping', {}).catch((error: unknown) => {
    if (!(error instanceof ChannelFault) || error.kind !== 'outcome_unknown') throw error;
    throw new ChannelFault({ kind: 'unavailable' }, error.message, { cause: error });
  });
  return { shopName, currency, timeZone };
}
