import { describe, expect, it } from 'vitest';
import { newId } from '../kernel/index.ts';
import type { OrderDetail } from './get-order.ts';
import { toOrderView } from './order-views.ts';

const at = new Date('2026-11-21T12:00:00.000Z');

const order: OrderDetail = {
  orderId: newId<'order'>(),
  number: 1001,
  shopId: newId<'shop'>(),
  externalId: 'order_1',
  externalNumber: '5',
  placedAt: at,
  currency: 'EUR',
  totalMinor: 9_287,
  chargedTotal: '92.86522',
  linesMinor: 9_287,
  shippingMinor: 0,
  taxMinor: 1_483,
  discountMinor: 0,
  residualMinor: 0,
  receivableMinor: 9_287,
  buyerPaidMinor: 9_287,
  refundedMinor: 0,
  paymentState: 'paid',
  fulfilmentState: 'open',
  cancelledAt: null,
  supersededBy: null,
  shipBy: null,
  holds: [],
  version: 1,
  pricesIncludeTax: true,
  paidAt: at,
  cancelReason: null,
  isClosedOnChannel: false,
  partOfExternalId: null,
  placedAtSource: at.toISOString(),
  readStartedAt: at,
  shippingService: null,
  buyerNote: null,
  receiver: null,
  lines: [],
  shipping: [],
  discounts: [],
  taxes: [],
  payments: [],
  refunds: [],
  packages: [],
  holdHistory: [],
  timeline: [],
};

describe('an order as JSON', () => {
  it('shows what was charged with every decimal, and names what rounding took off', () => {
    const { total, charged } = toOrderView(order);
    expect(total).toEqual({ minor: 9_287, currency: 'EUR' });
    expect(charged).toEqual({ total: '92.86522', residual: '-0.00478' });
  });

  it('names no charge where the channel itself charges in minor units', () => {
    expect(toOrderView({ ...order, chargedTotal: null }).charged).toBeNull();
  });
});
