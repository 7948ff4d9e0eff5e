import { sql } from 'drizzle-orm';
import type { ChannelAddress } from '../connector-kit/index.ts';
import type { OrderId } from '../kernel/index.ts';
import type { Keyring } from '../platform/crypto/index.ts';
import { list, rows, selection, type AnyDb } from '../platform/db/index.ts';
import { openAddress } from './receiver/seal-address.ts';
import { receiverColumns, type MaskedReceiver, type ReceiverRow } from './rows.ts';

export type OpenedReceiver = {
  readonly masked: MaskedReceiver;
  readonly sourcePolicy: 'plain' | 'masked' | 'token';
  /** Null where it was erased. Throws Fault `crypto.wrong_key`, for this one alone. Personal data: never logged. */
  address(): ChannelAddress | null;
};

/** Who gets the parcels of these orders, in one statement. The caller has checked that its actor may see them. */
export async function openReceivers(
  db: AnyDb,
  keyring: Pick<Keyring, 'openDataKey'>,
  orderIds: readonly OrderId[],
): Promise<Map<OrderId, OpenedReceiver>> {
  const found = await rows<ReceiverRow>(
    db,
    sql`select ${selection(receiverColumns, 'r')} from order_receivers r where r.order_id = any(${list('uuid', orderIds)})`,
  );
  return new Map(
    found.map((row) => [
      row.orderId,
      { masked: row.masked, sourcePolicy: row.sourcePolicy, address: () => openAddress(keyring, row) },
    ]),
  );
}
