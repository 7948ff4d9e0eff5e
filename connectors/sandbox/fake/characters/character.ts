import type { Hono, MiddlewareHandler } from 'hono';
import type { SandboxFaults, Trouble } from '../faults.ts';
import type { ListOrders } from '../list-orders.ts';
import type { Basket } from '../place-order.ts';
import type { ChangeTime, Shop } from '../shop.ts';
import type { ShopOrder } from '../state.ts';
import type { StockDoor } from '../stock-door.ts';
import type { Views } from '../views.ts';
import type { Letter } from '../webhooks.ts';

export const sandboxCharacters = ['webhooks', 'poll_only', 'masked', 'self_hosted', 'unit_lines'] as const;

/** The five kinds of shop that the sandbox can be. */
export type SandboxCharacter = (typeof sandboxCharacters)[number];

/** What the seller signs in with; a character uses those it knows. */
export type ShopKeys = {
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly appKey: string;
  readonly appSecret: string;
};

/** Who may come in, and what only this kind of shop offers. */
export type Door = { readonly guard: MiddlewareHandler; readonly routes: Hono | null };

/** What one kind of shop does in a way of its own; everything else is the same shop. */
export type Character = {
  /** What goes wrong there without being switched on. */
  readonly nature: Partial<SandboxFaults>;
  readonly timeZone: string;
  readonly changeTime: ChangeTime;
  readonly list: ListOrders;
  readonly stock: StockDoor;
  /** Null: it calls nobody. */
  readonly letter: ((shop: Shop, keys: ShopKeys) => Letter) | null;
  views(shop: Shop, trouble: Trouble): Views;
  door(shop: Shop, keys: ShopKeys, trouble: Trouble): Door;
  /** An order as this shop writes it. */
  present(order: ShopOrder): Record<string, unknown>;
  /** What checkout makes of a basket. */
  checkout(basket: Basket): Basket;
  /** What `connect` wants, for a shop that answers at this origin. */
  settings(shop: Shop, keys: ShopKeys, origin: string): Record<string, unknown>;
};
