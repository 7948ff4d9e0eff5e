import {
  annotateOrder,
  cancelOrder,
  deliverOrder,
  fulfilOrder,
  payOrder,
  refundOrder,
  type Cancel,
  type Fulfil,
  type Refund,
} from './change-order.ts';
import { askReturn, cancelReturn, receiveReturn, type ReturnWish } from './change-returns.ts';
import type { Character } from './characters/index.ts';
import { saleable } from './levels.ts';
import { placeOrder, type Basket } from './place-order.ts';
import { setStock, type StockSetting } from './set-stock.ts';
import { orderOf, type Shop } from './shop.ts';
import { splitOrder, type Split } from './split-order.ts';
import type { ShopFulfilment, ShopOrder, ShopRefund, ShopReturn } from './state.ts';

/** What buyers, staff and the channel itself do in a shop. */
export type Doings = {
  placeOrder(basket: Basket): ShopOrder;
  payOrder(orderId: string): ShopOrder;
  annotateOrder(orderId: string, note: string): ShopOrder;
  cancelOrder(orderId: string, cancel?: Partial<Cancel>): ShopOrder;
  refundOrder(orderId: string, refund: Pick<Refund, 'amountMinor'> & Partial<Refund>): ShopRefund;
  askReturn(orderId: string, wish: ReturnWish): ShopReturn;
  cancelReturn(orderId: string, returnId: string): ShopReturn;
  receiveReturn(orderId: string, returnId: string): ShopReturn;
  fulfilOrder(orderId: string, fulfil: Omit<Fulfil, 'ifVersion'>): ShopFulfilment;
  deliverOrder(orderId: string): ShopOrder;
  splitOrder(orderId: string, split: Split): ShopOrder[];
  setStock(setting: StockSetting): void;
  order(orderId: string): ShopOrder;
  saleable(listingId: string): number;
};

export function staffAndBuyers(shop: Shop, character: Character): Doings {
  return {
    placeOrder: (basket) => placeOrder(shop, character.checkout(basket)),
    payOrder: (orderId) => payOrder(shop, orderId),
    annotateOrder: (orderId, note) => annotateOrder(shop, orderId, note),
    cancelOrder: (orderId, cancel) =>
      cancelOrder(shop, 'staff', orderId, { lines: null, reason: '', ifVersion: null, ...cancel }),
    refundOrder: (orderId, refund) =>
      refundOrder(shop, 'staff', orderId, { reason: '', requestId: null, lines: [], ifVersion: null, ...refund }),
    askReturn: (orderId, wish) => askReturn(shop, orderId, wish),
    cancelReturn: (orderId, returnId) => cancelReturn(shop, orderId, returnId),
    receiveReturn: (orderId, returnId) => receiveReturn(shop, orderId, returnId),
    fulfilOrder: (orderId, fulfil) => fulfilOrder(shop, 'staff', orderId, { ...fulfil, ifVersion: null }),
    deliverOrder: (orderId) => deliverOrder(shop, orderId),
    splitOrder: (orderId, split) => splitOrder(shop, orderId, split),
    setStock: (setting) => setStock(shop, 'staff', setting),
    order: (orderId) => orderOf(shop, orderId),
    saleable: (listingId) => saleable(shop, listingId),
  };
}
