import type { ShipmentState } from '../../fulfilment/index.ts';
import type { HoldKind, OrderItem } from '../../orders/index.ts';
import type { Words } from './words.ts';

type Word = Extract<{ [Key in keyof Words]: Words[Key] extends string ? Key : never }[keyof Words], string>;

/** Which word a state has: a state without one does not compile. */
export const paymentWords: Readonly<Record<OrderItem['paymentState'], Word>> = {
  unpaid: 'unpaid',
  authorised: 'authorised',
  paid: 'paid',
};

export const fulfilmentWords: Readonly<Record<OrderItem['fulfilmentState'], Word>> = {
  open: 'open',
  partly_shipped: 'partlyShipped',
  shipped: 'shipped',
};

export const holdWords: Readonly<Record<HoldKind, Word>> = {
  unpaid: 'holdUnpaid',
  unmapped: 'holdUnmapped',
  address: 'holdAddress',
  approval: 'holdApproval',
  fraud: 'holdFraud',
  refund_asked: 'holdRefundAsked',
  cancel_asked: 'holdCancelAsked',
  manual: 'holdManual',
};

export const shipmentWords: Readonly<Record<ShipmentState, Word>> = {
  planned: 'parcelPlanned',
  released: 'parcelReleased',
  picked: 'parcelPicked',
  packed: 'parcelPacked',
  labelled: 'parcelLabelled',
  shipped: 'parcelShipped',
  cancelled: 'parcelCancelled',
};

export const shopWords: Readonly<Record<'active' | 'paused' | 'removed', Word>> = {
  active: 'shopActive',
  paused: 'shopPaused',
  removed: 'shopRemoved',
};

export const laneWords: Readonly<Record<string, Word>> = {
  inbound: 'laneInbound',
  mapping: 'laneMapping',
  allocation: 'laneAllocation',
  upkeep: 'laneUpkeep',
  'cron:upkeep': 'laneUpkeep',
};
