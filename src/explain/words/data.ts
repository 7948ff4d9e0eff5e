import type { ShipmentState } from '../../fulfilment/index.ts';

/** What several sentences are made of. Money, ids and names are for people: codes and short numbers, no UUIDs. */

export type Nothing = Readonly<Record<string, never>>;
export const nothing: Nothing = {};

export type Item = { readonly sku: string; readonly quantity: number };

export type Lack = { readonly sku: string; readonly wanted: number; readonly free: number };

export type Parcel = {
  readonly parcel: number;
  readonly warehouse: string;
  readonly state: ShipmentState;
  readonly items: readonly Item[];
};

/** Who did it: the hub by itself, whoever sat at the terminal, or the holder of a named token. */
export type By = { readonly kind: 'hub' | 'terminal' | 'token'; readonly name: string | null };

/** What a channel answered: a code of ours for the kind of failure, or its own code with its own words. */
export type ChannelWords = { readonly code: string; readonly detail: string };

export type Source = 'webhook' | 'poll' | 'read';
