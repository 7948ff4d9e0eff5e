import type { ShopId } from '../kernel/index.ts';

/** Documents of this shop wait to be taken in. */
export type InboxStored = { readonly kind: 'inbox.stored'; readonly shopId: ShopId };

/** Orders of this shop are to be read again. */
export type ReadAsked = { readonly kind: 'read.asked'; readonly shopId: ShopId };
