import type { ShopHealth, ShopRow } from '../../channels/index.ts';
import type { ShipmentState } from '../../fulfilment/index.ts';
import type { OrderId, PartId, ShipmentId, SkuId, WarehouseId } from '../../kernel/index.ts';
import type { InvoiceItem } from '../../invoicing/index.ts';
import type { HoldKind, OrderDetail } from '../../orders/index.ts';
import type { ReturnDetail } from '../../returns/index.ts';
import type { Level, ServingWarehouse } from '../../stock/index.ts';
import type { Source } from '../words/data.ts';

export type HoldFact = {
  readonly kind: HoldKind;
  readonly cause: unknown;
  readonly placedAt: Date;
  readonly releasedAt: Date | null;
};

/** A document of the channel about the order, as the inbox knows it. */
export type DocumentFact = {
  readonly source: Source;
  readonly state: 'pending' | 'applied' | 'superseded' | 'parked';
  readonly receivedAt: Date;
  readonly readStartedAt: Date;
  /** The version of the order that it made; null where it changed nothing. */
  readonly version: number | null;
};

export type ParcelFact = {
  readonly shipmentId: ShipmentId;
  readonly number: number;
  readonly warehouseId: WarehouseId;
  readonly state: ShipmentState;
  readonly shippedAt: Date | null;
  /** Of this order. */
  readonly lines: readonly { readonly partId: PartId; readonly skuId: SkuId; readonly quantity: number }[];
  /** Numbers of the other orders that have goods in it. */
  readonly otherOrders: readonly number[];
};

/** A write to the channel: an announced package, or a cancel or refund asked of it. */
export type WriteFact = {
  readonly kind: 'package' | 'cancel' | 'refund';
  /** Of the package. */
  readonly parcel: number | null;
  readonly state: 'due' | 'sending' | 'unknown' | 'done' | 'refused';
  /** False where a package completed no whole item, so that nothing was sent. */
  readonly wasSent: boolean;
  readonly cause: unknown;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly dueAt: Date;
  readonly finishedAt: Date | null;
};

/** Who has the units that this order waits for, and how many go before it. */
export type QueueFact = { readonly skuId: SkuId; readonly orders: number; readonly units: number };

export type HolderFact = {
  readonly skuId: SkuId;
  readonly order: number;
  readonly warehouseId: WarehouseId;
  readonly quantity: number;
  readonly parcel: number;
  readonly state: ShipmentState;
  /** Over all holders of the SKU. */
  readonly allOrders: number;
  readonly allUnits: number;
};

export type ExpectedFact = {
  readonly skuId: SkuId;
  readonly warehouseId: WarehouseId;
  readonly quantity: number;
  readonly expectedAt: Date;
};

export type WaitFacts = {
  readonly demand: readonly {
    readonly skuId: SkuId;
    readonly quantity: number;
    readonly isDue: boolean;
    readonly claims: boolean;
  }[];
  readonly serving: readonly ServingWarehouse[];
  readonly levels: readonly Level[];
  readonly queue: readonly QueueFact[];
  readonly holders: readonly HolderFact[];
  readonly expected: readonly ExpectedFact[];
};

export type Names = {
  readonly warehouses: ReadonlyMap<string, string>;
  readonly skus: ReadonlyMap<string, string>;
  readonly tokens: ReadonlyMap<string, string>;
};

/** Everything that the story of one order is told from, read on one snapshot. Nobody's name or address is in it. */
export type OrderFacts = {
  readonly now: Date;
  readonly timeZone: string;
  readonly shop: ShopRow;
  readonly health: ShopHealth;
  readonly order: OrderDetail;
  readonly holds: readonly HoldFact[];
  readonly documents: readonly DocumentFact[];
  readonly parcels: readonly ParcelFact[];
  readonly writes: readonly WriteFact[];
  readonly waits: WaitFacts;
  readonly returns: readonly ReturnDetail[];
  readonly invoices: readonly InvoiceItem[];
  /** Kinds of open exceptions about the channel's documents of the order. */
  readonly exceptions: readonly string[];
  /** Orders that took its place when the channel split it. */
  readonly partOrders: readonly { readonly orderId: OrderId; readonly number: number }[];
  readonly names: Names;
};
