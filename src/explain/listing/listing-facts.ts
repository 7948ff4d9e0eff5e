import type { ListingRow, ShopHealth, ShopLocation, ShopRow } from '../../channels/index.ts';
import type { StockNumber } from '../../outbound/index.ts';

/** Everything that a listing's number is explained from, read on one snapshot. */
export type ListingFacts = {
  readonly now: Date;
  readonly timeZone: string;
  readonly listing: ListingRow;
  readonly shop: ShopRow;
  readonly health: ShopHealth;
  /** False where the channel takes no stock numbers. */
  readonly takesStock: boolean;
  /** The number that a push would tell now, with its terms; null where nobody knows which SKU it is. */
  readonly number: StockNumber | null;
  readonly locations: readonly ShopLocation[];
  /** Documents of the shop that are not taken in yet. */
  readonly waitingDocuments: number;
  readonly names: {
    readonly warehouses: ReadonlyMap<string, string>;
    readonly shops: ReadonlyMap<string, string>;
    readonly sku: string | null;
    readonly proposedSku: string | null;
  };
};
