import type { HoldKind } from '../../orders/index.ts';
import type { Money } from '../../kernel/index.ts';
import type { ShipmentState } from '../../fulfilment/index.ts';
import type { ChannelWords, Item, Nothing, Parcel } from './data.ts';

/** Where an order stands, and what would make it go on. */
export type StandSentences = {
  'order.title': {
    readonly number: number;
    readonly externalNumber: string;
    readonly shop: string;
    readonly total: Money;
  };

  'heading.stand': Nothing;
  'heading.next': Nothing;
  'heading.lines': Nothing;
  'heading.story': { readonly zone: string };
  'heading.waits': { readonly now: Date };
  'heading.money': Nothing;

  'stand.superseded': { readonly orders: readonly number[] };
  'stand.cancelled': { readonly at: Date; readonly reason: string | null };
  'stand.cancelled_freed': Nothing;
  'stand.cancelled_kept': { readonly parcels: readonly Parcel[] };
  'stand.cancelled_shipped': { readonly units: number };
  'stand.shipped': {
    readonly at: Date;
    readonly parcels: readonly { readonly parcel: number; readonly warehouse: string }[];
  };
  'stand.partly_shipped': { readonly shipped: number; readonly of: number };
  'stand.elsewhere': { readonly units: number; readonly shop: string };
  'stand.channel_ships': { readonly shop: string };
  'stand.nothing_left': Nothing;
  /** `offSale`: whether its goods count as sold meanwhile; null where none are known yet. */
  'stand.held': { readonly holds: readonly HoldKind[]; readonly offSale: boolean | null };
  'stand.parcel': Parcel;
  'stand.short': { readonly items: readonly Item[] };
  'stand.assigning': { readonly items: readonly Item[] };
  'stand.too_late': { readonly parcels: readonly Parcel[] };
  'stand.held_missing': { readonly shop: string };
  'stand.told': { readonly shop: string; readonly parcels: readonly number[] };
  'stand.tell_due': { readonly parcel: number; readonly shop: string };
  'stand.tell_unknown': { readonly parcel: number; readonly shop: string };
  'stand.tell_refused': { readonly parcel: number; readonly shop: string; readonly words: ChannelWords };
  'stand.request_open': { readonly request: 'cancel' | 'refund'; readonly shop: string };
  'stand.request_unknown': { readonly request: 'cancel' | 'refund'; readonly shop: string; readonly at: Date };
  'stand.request_refused': {
    readonly request: 'cancel' | 'refund';
    readonly shop: string;
    readonly words: ChannelWords;
  };
  'stand.unreadable': { readonly shop: string };
  'stand.missing': { readonly shop: string };

  'next.nothing': Nothing;
  'next.pay': { readonly shop: string };
  'next.map': {
    readonly listings: readonly {
      readonly title: string;
      readonly listing: string | null;
      readonly sku: string | null;
    }[];
  };
  'next.address': { readonly shop: string };
  'next.review': { readonly hold: 'approval' | 'fraud' | 'refund_asked'; readonly order: number };
  'next.manual': { readonly order: number; readonly note: string | null };
  'next.cancel_pending': { readonly shop: string };
  'next.too_late': { readonly parcels: readonly number[]; readonly order: number };
  'next.goods': {
    readonly items: readonly Item[];
    readonly expected: readonly {
      readonly warehouse: string;
      readonly sku: string;
      readonly quantity: number;
      readonly at: Date;
    }[];
  };
  'next.no_warehouse': { readonly shop: string };
  'next.assigning': Nothing;
  'next.parcel': { readonly parcel: number; readonly warehouse: string; readonly state: ShipmentState };
  'next.unpack': { readonly parcels: readonly number[] };
  'next.tell_soon': { readonly shop: string };
  'next.tell_later': { readonly shop: string; readonly at: Date };
  'next.read_back': { readonly shop: string; readonly at: Date };
  'next.tell_refused': { readonly parcel: number; readonly shop: string };
  'next.request_refused': { readonly request: 'cancel' | 'refund'; readonly shop: string };
  'next.shop_paused': { readonly shop: string };
  'next.unreadable': { readonly shop: string };
  'next.missing': { readonly shop: string };
  'next.held_missing': { readonly shop: string; readonly order: number };
};
