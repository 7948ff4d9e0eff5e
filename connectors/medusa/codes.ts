import { codeTable, type ChannelReturn } from '../../src/connector-kit/index.ts';

type OrderMeaning = {
  readonly isCancelled: boolean;
  /** The merchant has put it away: completed, archived or cancelled. */
  readonly isEnded: boolean;
  /** It is no sale yet, or its payment waits for the buyer. */
  readonly isWaiting: boolean;
};

const open: OrderMeaning = { isCancelled: false, isEnded: false, isWaiting: false };

/**
 * `OrderStatus` of 2.21.2. It stays `pending` for an order that is paid and delivered; what is paid and shipped is read off
 * the payments and fulfilments themselves, never off `payment_status` and `fulfillment_status`, which Medusa computes.
 */
const orderStatuses: Readonly<Record<string, OrderMeaning>> = {
  pending: open,
  requires_action: { ...open, isWaiting: true },
  draft: { ...open, isWaiting: true },
  completed: { ...open, isEnded: true },
  archived: { ...open, isEnded: true },
  canceled: { isCancelled: true, isEnded: true, isWaiting: false },
};

/** `ReturnStatus` of 2.21.2. `open` is what somebody in the shop is still writing: nothing is asked yet. */
const returnStatuses: Readonly<Record<string, ChannelReturn['state'] | 'draft'>> = {
  open: 'draft',
  requested: 'requested',
  partially_received: 'received',
  received: 'received',
  canceled: 'cancelled',
};

export const fromReturnStatus = codeTable('return.status', returnStatuses);

export const fromOrderStatus = codeTable('order.status', orderStatuses);
