import { codeTable, defineConnector, type ChannelOrder } from '../../../src/connector-kit/index.ts';
import { parseWire } from '../client.ts';
import type { Dialect } from '../dialect.ts';
import { mapTimes } from '../map-times.ts';
import { ordersWith, type ChangeClock } from '../orders.ts';
import { renewal } from '../renewal.ts';
import { maskedSettings, type MaskedSettings } from '../settings.ts';
import { shipmentsWith } from '../shipments.ts';
import { beijingText } from '../sign-call.ts';
import { saleableStock } from '../stock.ts';
import { messages, register } from '../webhooks.ts';
import { wireMaskedOrder, wireOrder, wireVersion } from '../wire.ts';
import { everyShop } from './every-shop.ts';

/** The one word for where an order stands, as the payment it tells of; that it is sent or closed is told by its units. */
const toPaymentStatus = codeTable<string>('status', {
  WAIT_BUYER_PAY: 'pending',
  CLOSED_UNPAID: 'pending',
  WAIT_SELLER_SEND_GOODS: 'paid',
  SELLER_CONSIGNED_PART: 'paid',
  WAIT_BUYER_CONFIRM_GOODS: 'paid',
  TRADE_FINISHED: 'paid',
  TRADE_CLOSED: 'refunded',
});

const dialect: Dialect = {
  versionOf: (document) => String(parseWire(wireVersion, document).version),
  comparesVersions: true,
  read(document) {
    const { status, receiver: _, ...order } = parseWire(wireMaskedOrder, mapTimes(document, fromBeijing));
    return parseWire(wireOrder, { ...order, payment_status: toPaymentStatus(status), ship_to: null });
  },
  refine: (order, document) => ({ ...order, receiver: receiverOf(document) }),
};

/** `2026-03-01 16:00:00`; other texts stay as they are, and are found wanting where they are read. */
function fromBeijing(text: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}+08:00` : text;
}

/** Stars for people to look at; the token stands for the address on labels until it expires. */
function receiverOf(document: unknown): ChannelOrder['receiver'] {
  const { receiver } = parseWire(wireMaskedOrder, document);
  const { name, phone, district, city, region } = receiver;
  return {
    address: {
      name,
      company: '',
      phone,
      email: '',
      lines: [receiver.address],
      district,
      city,
      region,
      postalCode: '',
      countryCode: receiver.country_code,
    },
    sourcePolicy: 'token',
    token: receiver.oaid,
    expiresAt: receiver.oaid_expires_at,
  };
}

const beijingClock: ChangeClock<MaskedSettings> = {
  read: (text) => Date.parse(fromBeijing(text)),
  write: beijingText,
  putBackMs: 0,
};

/** A Chinese marketplace: signed calls, access that expires, receivers behind stars, one status word. */
export const masked = defineConnector({
  ...everyShop,
  code: 'sandbox-masked',
  label: { en: 'Sandbox, masked', zh: '沙盒（脱敏）' },
  settings: maskedSettings,
  orders: ordersWith<MaskedSettings>(dialect, beijingClock),
  stock: saleableStock,
  shipments: shipmentsWith(dialect),
  webhooks: { verify: messages, register },
  renewal,
});
