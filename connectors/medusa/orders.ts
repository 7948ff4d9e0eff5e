import type { OrdersCapability } from '../../src/connector-kit/index.ts';
import { cancelOrder } from './cancel-order.ts';
import { countOrders, ordersPull, pullOrders, readOrders, type OrdersState } from './pull-orders.ts';
import { refundOrder } from './refund-order.ts';
import type { MedusaSettings } from './settings.ts';
import { toChannelOrder } from './to-channel-order.ts';

export const orders: OrdersCapability<MedusaSettings, OrdersState> = {
  pull: ordersPull,
  rereadOpen: true,
  pullOrders,
  readOrders,
  countOrders,
  toChannelOrder: (body) => toChannelOrder(body),
  cancelOrder,
  refundOrder,
};
