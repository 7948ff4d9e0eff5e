import type { ShipmentState } from '../../fulfilment/index.ts';
import type { HoldKind, OrderItem } from '../../orders/index.ts';
import type { stateWordsEn } from './state-words-en.ts';

type Widened<Word> = Word extends (...input: infer Input) => string ? (...input: Input) => string : string;

/** One language's words for states and reasons: the other has the same keys, or it does not compile. */
export type StateWords = { readonly [Key in keyof typeof stateWordsEn]: Widened<(typeof stateWordsEn)[Key]> };

type Word = Extract<
  { [Key in keyof StateWords]: StateWords[Key] extends string ? Key : never }[keyof StateWords],
  string
>;

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
