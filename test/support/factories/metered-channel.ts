import type { AnyConnector, ChannelFault } from '../../../src/connector-kit/index.ts';

export type Meter = {
  readonly connector: AnyConnector;
  /** Every call that was made, in order: `cancel`, `announce`, `push`, `readBack`, `poll`, `read`, `count`. */
  readonly calls: string[];
  /** What the channel answers now; null lets the call through. May wait. */
  answer: (call: string) => ChannelFault | null | Promise<ChannelFault | null>;
};

/** The same connector, each call of which is counted and may be answered with a fault before it arrives. */
export function meterOf(connector: AnyConnector): Meter {
  const pass =
    <Given extends readonly unknown[], Result>(name: string, call: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      meter.calls.push(name);
      const fault = await meter.answer(name);
      if (fault !== null) throw fault;
      return call(...given);
    };
  const { orders, shipments, stock } = connector;
  const { pullOrders, readOrders, cancelOrder, refundOrder, countOrders } = orders;
  if (
    pullOrders === undefined ||
    readOrders === undefined ||
    shipments === undefined ||
    stock?.readStock === undefined
  ) {
    throw new Error('only a channel that is polled and told everything is metered');
  }
  const meter: Meter = {
    calls: [],
    answer: () => null,
    connector: {
      ...connector,
      orders: {
        ...orders,
        pullOrders: pass('poll', pullOrders.bind(orders)),
        readOrders: pass('read', readOrders.bind(orders)),
        ...(cancelOrder && { cancelOrder: pass('cancel', cancelOrder.bind(orders)) }),
        ...(refundOrder && { refundOrder: pass('refund', refundOrder.bind(orders)) }),
        ...(countOrders && { countOrders: pass('count', countOrders.bind(orders)) }),
      },
      shipments: { ...shipments, announceShipment: pass('announce', shipments.announceShipment.bind(shipments)) },
      stock: {
        meaning: stock.meaning,
        pushBatchMax: stock.pushBatchMax,
        readBatchMax: stock.readBatchMax ?? stock.pushBatchMax,
        pushStock: pass('push', stock.pushStock.bind(stock)),
        readStock: pass('readBack', stock.readStock.bind(stock)),
      },
    },
  };
  return meter;
}
