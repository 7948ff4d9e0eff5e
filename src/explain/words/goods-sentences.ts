import type { ShipmentState } from '../../fulfilment/index.ts';
import type { Money } from '../../kernel/index.ts';
import type { Item, Nothing } from './data.ts';

/** What was ordered, what it waits for, and what it costs. */
export type GoodsSentences = {
  'line.mapped': {
    readonly title: string;
    readonly quantity: number;
    readonly cancelled: number;
    readonly parts: readonly (Item & { readonly unitsPerLine: number })[];
  };
  'line.unmapped': {
    readonly title: string;
    readonly quantity: number;
    readonly listing: string | null;
    readonly sku: string | null;
  };
  'line.channel': { readonly title: string; readonly quantity: number; readonly shop: string };

  'wait.sku': Item;
  'wait.held': { readonly offSale: boolean };
  'wait.level': {
    readonly warehouse: string;
    readonly onHand: number;
    readonly reserved: number;
    readonly free: number;
  };
  'wait.no_warehouse': { readonly shop: string };
  'wait.first': Nothing;
  'wait.ahead': { readonly orders: number; readonly units: number };
  'wait.reserved_for': {
    readonly order: number;
    readonly warehouse: string;
    readonly quantity: number;
    readonly parcel: number;
    readonly state: ShipmentState;
  };
  'wait.reserved_more': { readonly orders: number; readonly units: number };
  'wait.expected': { readonly warehouse: string; readonly quantity: number; readonly at: Date };
  'wait.none_expected': Nothing;
  'wait.rule': Nothing;

  'money.lines': { readonly amount: Money };
  'money.shipping': { readonly amount: Money };
  'money.tax_added': { readonly amount: Money };
  'money.discounts': { readonly amount: Money };
  'money.residual': { readonly amount: Money };
  'money.total': { readonly amount: Money; readonly shop: string };
  /** The channel's exact decimal, which was rounded once. */
  'money.exact': { readonly exact: string; readonly currency: string };
  'money.tax_included': { readonly amount: Money };
  'money.receivable': { readonly amount: Money; readonly platform: Money };
  'money.paid': { readonly amount: Money };
  'money.refunded': { readonly amount: Money };
};
