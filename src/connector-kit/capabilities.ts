import type { AnyConnector, StockCapability } from './connector.ts';
import type { PullDescriptor } from './pull.ts';
import type { FactScope } from './facts.ts';

/** What a channel can do, read from its definition alone: a row of the table of channels. Null: it cannot. */
export type ChannelCapabilities = {
  readonly code: string;
  readonly label: { readonly en: string; readonly zh: string };
  readonly versions: string | null;
  readonly orders: {
    /** Null where the channel only pushes. */
    readonly poll: PullDescriptor | null;
    readonly webhooks: boolean;
    /** One order can be asked for by its id. */
    readonly reads: boolean;
    /** Open orders are read again by id, because the channel's change clock lies. */
    readonly rereadOpen: boolean;
    /** The slow sweep can compare counts. */
    readonly counts: boolean;
  };
  /** `pushed`: the channel tells them, and cannot be asked. */
  readonly listings: 'polled' | 'pushed' | null;
  readonly stock: {
    readonly meaning: StockCapability<unknown>['meaning'];
    readonly byLocation: boolean;
    readonly pushBatchMax: number;
    /** What the channel shows can be read; else an acknowledged number counts as shown. */
    readonly readsBack: boolean;
  } | null;
  /** `unstated`: it can, and does not declare how much at once. */
  readonly packages: FactScope | 'unstated' | null;
  readonly cancels: FactScope | 'unstated' | null;
  readonly refunds: FactScope | 'unstated' | null;
  /** Webhooks are always signed (conformance, case 5); who tells the channel the hub's address differs. */
  readonly webhooks: { readonly registeredBy: 'hub' | 'person' } | null;
  readonly notes: readonly string[];
};

export function capabilitiesOf(connector: AnyConnector): ChannelCapabilities {
  const { orders, shipments, webhooks, facts = {} } = connector;
  return {
    code: connector.code,
    label: connector.label,
    versions: facts.versions ?? null,
    orders: {
      poll: orders.pull ?? null,
      webhooks: webhooks !== undefined,
      reads: orders.readOrders !== undefined,
      rereadOpen: orders.rereadOpen,
      counts: orders.countOrders !== undefined,
    },
    listings: listingsOf(connector),
    stock: stockOf(connector),
    packages: scopeOf(shipments, facts.packages),
    cancels: scopeOf(orders.cancelOrder, facts.cancels),
    refunds: scopeOf(orders.refundOrder, facts.refunds),
    webhooks: webhooks === undefined ? null : { registeredBy: webhooks.register === undefined ? 'person' : 'hub' },
    notes: facts.notes ?? [],
  };
}

function scopeOf(capability: unknown, stated: FactScope | undefined): FactScope | 'unstated' | null {
  return capability === undefined ? null : (stated ?? 'unstated');
}

function listingsOf({ listings }: AnyConnector): ChannelCapabilities['listings'] {
  if (listings === undefined) return null;
  return listings.pullListings === undefined ? 'pushed' : 'polled';
}

function stockOf({ stock }: AnyConnector): ChannelCapabilities['stock'] {
  if (stock === undefined) return null;
  const { meaning, pushBatchMax } = stock;
  return {
    meaning,
    byLocation: stock.listLocations !== undefined,
    pushBatchMax,
    readsBack: stock.readStock !== undefined,
  };
}
