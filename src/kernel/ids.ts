import { randomFillSync } from 'node:crypto';
import { invalidField } from './fault.ts';

declare const brand: unique symbol;
/** A UUIDv7 in lower-case text. Sorts alike as text, as bytes and in Postgres; no list order relies on that. */
export type Id<Name extends string> = string & { readonly [brand]: Name };

export type TokenId = Id<'api_token'>;
export type ProductId = Id<'product'>;
export type SkuId = Id<'sku'>;
export type ShopId = Id<'shop'>;
export type ListingId = Id<'listing'>;
export type WarehouseId = Id<'warehouse'>;
export type LotId = Id<'lot'>;
export type StockMoveId = Id<'stock_move'>;
export type ReservationId = Id<'reservation'>;
export type OrderId = Id<'order'>;
export type OrderLineId = Id<'order_line'>;
export type PartId = Id<'order_line_part'>;
export type ShipmentId = Id<'shipment'>;
export type ShipmentLineId = Id<'shipment_line'>;
export type InboxEventId = Id<'inbox_event'>;

/** Where ids take their time and their chance from. */
export type IdSource = { nowMs(): number; fill(bytes: Uint8Array): void };

const systemSource: IdSource = { nowMs: () => Date.now(), fill: (bytes) => void randomFillSync(bytes) };

const pool = Buffer.alloc(4096);
let source = systemSource;
let poolOffset = pool.length;
let lastMs = 0;
let counter = 0;

/** For the simulation: ids become a function of `seeded` alone. What it gives takes them from the machine again. */
export function seedIds(seeded: IdSource): () => void {
  const restart = (from: IdSource): void => {
    source = from;
    poolOffset = pool.length;
    lastMs = 0;
    counter = 0;
  };
  restart(seeded);
  return () => restart(systemSource);
}

/**
 * Makes a UUIDv7 (RFC 9562 §5.7, method 1: 12 bits of counter behind the millisecond, so that ids made by one process in
 * one millisecond ascend). `nowMs` is for tests and the simulation.
 */
export function newId<Name extends string>(nowMs: number = source.nowMs()): Id<Name> {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = randomBytes(2).readUInt16BE(0) & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  const bytes = Buffer.from(randomBytes(16));
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id<Name>;
}

function randomBytes(size: number): Buffer {
  if (poolOffset + size > pool.length) {
    source.fill(pool);
    poolOffset = 0;
  }
  poolOffset += size;
  return pool.subarray(poolOffset - size, poolOffset);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function isId(text: string): boolean {
  return uuid.test(text);
}

/** Reads an id that came from outside; `path` names the field in the error. Upper case is accepted and lowered. */
export function parseId<Name extends string>(text: string, path: string): Id<Name> {
  const lower = text.toLowerCase();
  if (!uuid.test(lower)) throw invalidField(path, 'id.malformed', 'is not an id');
  return lower as Id<Name>;
}

/** Orders text keys as Postgres does under COLLATE "C": by UTF-8 bytes, not by UTF-16 units as `<` does. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
