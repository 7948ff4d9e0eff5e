import type { OrderId } from '../kernel/index.ts';
import { readClock, type Database } from '../platform/db/index.ts';
import type { Language } from '../platform/i18n/index.ts';
import { sayTale, type Explanation } from './explanation.ts';
import { readOrderFacts } from './order/read-order-facts.ts';
import { tellOrder } from './order/tell-order.ts';

/** What happened to an order and why, in words, read on one snapshot. Throws Fault `order.unknown`. */
export async function explainOrder(database: Database, orderId: OrderId, language: Language): Promise<Explanation> {
  const now = await readClock(database);
  const facts = await database.snapshot((db) => readOrderFacts(db, orderId, now));
  return sayTale(tellOrder(facts), language, facts.timeZone);
}
