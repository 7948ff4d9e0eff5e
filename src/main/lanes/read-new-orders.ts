import { readCursor } from '../../channels/index.ts';
import { drainInbox, findShopsWithPending, pollOrders } from '../../inbound/index.ts';
import type { OrdersReader } from '../../outbound/index.ts';
import { readClock } from '../../platform/db/index.ts';

/**
 * Reads new orders and takes them in, before a number rises (DESIGN §1.7). True when all that the channel had is taken in:
 * the poll came to its end, and no document of the shop waits, here or in the hands of another worker. A channel that pushes
 * its orders has no more than what it pushed.
 */
export const readNewOrders: OrdersReader = async (deps, session, lease, signal) => {
  const { shopId } = session.shop;
  const startedAt = await readClock(deps.database);
  const isPolled = session.connector.orders.pullOrders !== undefined;
  if (isPolled) await pollOrders(deps, session, lease, signal, { evenIfNotDue: true });
  let claimed = Number.POSITIVE_INFINITY;
  while (claimed > 0) ({ claimed } = await drainInbox(deps, [shopId]));
  return deps.database.read(async (db) => {
    const cursor = isPolled ? await readCursor(db, shopId, 'orders') : null;
    const isReadToTheEnd =
      !isPolled || (cursor !== null && cursor.finishedAt !== null && cursor.finishedAt >= startedAt);
    return isReadToTheEnd && !(await findShopsWithPending(db, startedAt)).includes(shopId);
  });
};
