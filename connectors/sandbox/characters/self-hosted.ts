import { ChannelFault, defineConnector } from '../../../src/connector-kit/index.ts';
import { parseWire } from '../client.ts';
import type { Dialect } from '../dialect.ts';
import { fromLocalText, toLocalText } from '../local-time.ts';
import { mapTimes } from '../map-times.ts';
import { ordersWith, type ChangeClock } from '../orders.ts';
import { selfHostedSettings, type SelfHostedSettings, type ShopSettings } from '../settings.ts';
import { shipmentsWith } from '../shipments.ts';
import { onHandStock } from '../stock.ts';
import { orderIdOnly, register, timedWebhooks } from '../webhooks.ts';
import { wireOrder } from '../wire.ts';
import { everyShop } from './every-shop.ts';

const dialect: Dialect = {
  versionOf: () => null,
  comparesVersions: false,
  read: (document, settings) => {
    const zone = zoneOf(settings);
    return parseWire(
      wireOrder,
      mapTimes(document, (text) => fromLocalText(text, zone) ?? text),
    );
  },
  refine: (order) => order,
};

/** When summer time ends, an hour of the wall clock comes twice, and its rows stand among each other in the list. */
const wallClock: ChangeClock<SelfHostedSettings> = {
  read: (text, { timeZone }) => {
    const instant = fromLocalText(text, timeZone);
    if (instant === null) throw new ChannelFault({ kind: 'unknown_code', field: 'updated_at', raw: text });
    return Date.parse(instant);
  },
  write: (at, { timeZone }) => toLocalText(at, timeZone),
  putBackMs: 3_600_000,
};

/**
 * Somebody's own server. Its change clock misses what its staff does, so open orders are read again; its documents have no
 * version, so its webhooks only say which order to read.
 */
export const selfHosted = defineConnector({
  ...everyShop,
  code: 'sandbox-self-hosted',
  label: { en: 'Sandbox, self-hosted', zh: '沙盒（自建店）' },
  settings: selfHostedSettings,
  orders: { ...ordersWith<SelfHostedSettings>(dialect, wallClock), rereadOpen: true },
  stock: onHandStock,
  shipments: shipmentsWith(dialect),
  webhooks: { verify: timedWebhooks<SelfHostedSettings>(orderIdOnly), register },
});

function zoneOf(settings: ShopSettings): string {
  return 'timeZone' in settings && typeof settings.timeZone === 'string' ? settings.timeZone : 'UTC';
}
