import { sql } from 'drizzle-orm';
import type { ChannelAddress } from '../connector-kit/index.ts';
import type { OrderId } from '../kernel/index.ts';
import type { Keyring } from '../platform/crypto/index.ts';
import { firstRow, selection, type AnyDb } from '../platform/db/index.ts';
import type { CurrentReceiver } from './current-orders.ts';
import { openAddress } from './receiver/seal-address.ts';
import { receiverColumns, type MaskedReceiver } from './rows.ts';

export type Receiver = {
  readonly masked: MaskedReceiver;
  readonly sourcePolicy: 'plain' | 'masked' | 'token';
  readonly token: string | null;
  readonly expiresAt: Date | null;
  readonly erasedAt: Date | null;
  /** Null where it was erased. Personal data: never logged. */
  readonly address: ChannelAddress | null;
};

/** Who gets the parcel, readable. The caller has checked that its actor may see it. */
export async function readReceiver(db: AnyDb, keyring: Keyring, orderId: OrderId): Promise<Receiver | null> {
  const found = await firstRow<CurrentReceiver>(
    db,
    sql`select ${selection(receiverColumns, 'r')}, r.erased_at as "erasedAt" from order_receivers r where r.order_id = ${orderId}`,
  );
  if (found === null) return null;
  const { masked, sourcePolicy, token, expiresAt, erasedAt } = found;
  return { masked, sourcePolicy, token, expiresAt, erasedAt, address: openAddress(keyring, found) };
}
