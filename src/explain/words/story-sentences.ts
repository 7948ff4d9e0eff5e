import type { ShipmentState } from '../../fulfilment/index.ts';
import type { Money } from '../../kernel/index.ts';
import type { HoldKind, PaymentState } from '../../orders/index.ts';
import type { By, ChannelWords, Item, Lack, Nothing, Source } from './data.ts';

type ParcelItem = Item & { readonly parcel: number };

/** What happened to an order, in the order of time, and why. */
export type StorySentences = {
  'story.placed': { readonly shop: string };
  'story.taken_in': {
    readonly source: Source | null;
    readonly shop: string;
    readonly lines: number;
    readonly total: Money;
  };
  'story.claimed': { readonly units: number };
  'story.claims_when_paid': { readonly units: number; readonly shop: string };
  'story.set_aside': {
    readonly source: Source;
    readonly shop: string;
    readonly reason: 'older' | 'unreadable' | 'waiting';
  };
  'story.paid': { readonly amount: Money };
  'story.payment_changed': { readonly from: PaymentState; readonly to: PaymentState };
  'story.hold_placed': { readonly hold: HoldKind; readonly note: string | null; readonly by: By };
  'story.held_too_late': Nothing;
  'story.held_missing': { readonly shop: string };
  'story.hold_released': { readonly hold: HoldKind; readonly by: By };
  'story.mapped': { readonly title: string; readonly sku: string };

  'story.allocated': { readonly chosen: readonly { readonly warehouse: string; readonly items: readonly Item[] }[] };
  'reason.chosen_all': { readonly warehouse: string };
  'reason.chosen_part': { readonly warehouse: string; readonly lacks: readonly Lack[] };
  'reason.has_none': { readonly warehouse: string };
  'reason.has_less': { readonly warehouse: string; readonly lacks: readonly Lack[] };
  'reason.not_needed': { readonly warehouse: string };
  'reason.by_rank': { readonly warehouse: string; readonly before: string };
  'reason.by_parcel': { readonly warehouse: string };
  'reason.split': { readonly parcels: number };
  'reason.short': { readonly items: readonly Item[] };

  'story.withdrawn': { readonly items: readonly ParcelItem[]; readonly cancelled: readonly number[] };
  'story.units_lost': { readonly items: readonly (ParcelItem & { readonly warehouse: string })[] };
  'story.split': { readonly from: number; readonly to: number; readonly items: readonly Item[]; readonly by: By };
  'story.merged': { readonly into: number; readonly from: readonly number[]; readonly by: By };
  'story.parcel_moved': {
    readonly parcel: number;
    readonly warehouse: string;
    readonly to: ShipmentState;
    readonly isBack: boolean;
    readonly by: By;
  };
  'story.shipped': {
    readonly parcel: number;
    readonly warehouse: string;
    readonly items: readonly Item[];
    readonly carrier: string | null;
    readonly tracking: string | null;
  };
  'story.shared': { readonly parcel: number; readonly orders: readonly number[] };
  'story.tracking_corrected': {
    readonly parcel: number;
    readonly carrier: string | null;
    readonly tracking: string | null;
    readonly by: By;
  };
  'story.told': { readonly parcel: number; readonly shop: string };
  'story.tell_later': { readonly parcel: number; readonly shop: string };
  'story.tell_due': {
    readonly parcel: number;
    readonly shop: string;
    readonly words: ChannelWords | null;
    readonly at: Date;
  };
  'story.tell_unknown': { readonly parcel: number; readonly shop: string; readonly at: Date };
  'story.tell_refused': { readonly parcel: number; readonly shop: string; readonly words: ChannelWords };

  'story.edited': { readonly shop: string };
  'edit.quantity': { readonly title: string; readonly from: number; readonly to: number };
  'edit.line_added': { readonly title: string; readonly quantity: number };
  'edit.line_amount': { readonly title: string; readonly from: Money; readonly to: Money };
  'edit.line_other': { readonly title: string };
  'edit.total': { readonly from: Money; readonly to: Money };
  'edit.ship_by': { readonly to: Date | null };
  'edit.service': { readonly to: string | null };
  'edit.note': Nothing;
  'edit.money': Nothing;
  'edit.other': Nothing;
  'judged.applied': Nothing;
  'judged.replanned': Nothing;
  'judged.too_late': { readonly items: readonly Item[] };
  'judged.units_freed': Nothing;

  'story.address_changed': { readonly shop: string };
  'story.cancelled': { readonly shop: string; readonly reason: string | null };
  'story.reopened': { readonly shop: string };
  'story.lines_cancelled': { readonly shop: string; readonly from: number; readonly to: number };
  'story.refunded': { readonly amount: Money; readonly total: Money };
  'story.refund_taken_back': { readonly amount: Money; readonly total: Money };
  'story.shipped_on_channel': { readonly shop: string; readonly units: number };
  'story.elsewhere': { readonly shop: string; readonly units: number };
  'story.superseded': { readonly shop: string; readonly order: number | null };

  'story.cancel_asked': { readonly by: By; readonly reason: string; readonly units: number | null };
  'story.refund_asked': { readonly by: By; readonly reason: string; readonly amount: Money };
  'story.request_done': { readonly request: 'cancel' | 'refund'; readonly shop: string };
  'story.request_refused': {
    readonly request: 'cancel' | 'refund';
    readonly shop: string;
    readonly words: ChannelWords;
  };
  'story.request_unknown': { readonly request: 'cancel' | 'refund'; readonly shop: string; readonly at: Date };
  'story.noted': Nothing;
};
