import { sql } from 'drizzle-orm';
import { list, rows } from '../../src/platform/db/index.ts';
import type { AcknowledgedWrite } from './journal.ts';
import type { Harbour } from './open-harbour.ts';

/** What becomes of an order, by its place in the sequence: half of them simply wait for the pickers. */
export type Fate = 'waits' | 'shipped' | 'cancelled here' | 'refunded here' | 'cancelled there';

export type Wish = { readonly shopId: string; readonly orderExternalId: string; readonly fate: Fate };

/**
 * People at the API. Each write has an idempotency key and is sent again until the hub has answered, as a careful client
 * does; what was acknowledged is written down.
 */
export type StaffDesk = {
  readonly acknowledged: readonly AcknowledgedWrite[];
  /** How often the API gave each answer; 0 stands for no answer. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answers that are none of those a careful client expects. */
  readonly oddAnswers: readonly string[];
  wish(wish: Wish): void;
  /** Takes up what the hub knows by now. */
  look(): Promise<void>;
  /** Resolves when every wish has been acknowledged. */
  settled(): Promise<void>;
};

type Known = { shopId: string; externalId: string; orderId: string };
type Planned = { shipmentId: string; number: number; orderIds: string[] };

const actsPerLook = 20;
/** Looked for at once: the oldest may be the ones whose webhook was lost. */
const lookedFor = 1_000;
const retryAfterMs = 400;
const answerTimeoutMs = 20_000;
const refundMinor = 150;

export function openStaffDesk({ origin, token, database }: Harbour): StaffDesk {
  const wishes = new Map<string, Wish>();
  const toShip = new Map<string, Wish>();
  const taken = new Set<string>();
  const acknowledged: AcknowledgedWrite[] = [];
  const statuses = new Map<number, number>();
  const oddAnswers: string[] = [];
  const acting = new Set<Promise<void>>();

  const post = async (path: string, body: unknown, key: string): Promise<Record<string, unknown> | null> => {
    for (;;) {
      const answer = await once(path, body, key);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 200 && answer.status < 300) return answer.json;
      if (answer.status !== 0 && answer.status !== 503 && answer.status !== 504) {
        oddAnswers.push(`${path}: ${answer.status} ${JSON.stringify(answer.json)}`);
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  };
  const once = async (path: string, body: unknown, key: string): Promise<Answer> => {
    try {
      const response = await fetch(`${origin}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      return { status: response.status, json: (await response.json()) as Record<string, unknown> };
    } catch {
      return { status: 0, json: {} };
    }
  };
  const begin = (act: () => Promise<void>): void => {
    const one = act().finally(() => acting.delete(one));
    acting.add(one);
  };

  const change = (wish: Wish, orderId: string): void => {
    const { shopId, orderExternalId } = wish;
    const isCancel = wish.fate === 'cancelled here';
    const path = `/orders/${orderId}/${isCancel ? 'cancel' : 'refunds'}`;
    const amount = { minor: refundMinor, currency: 'EUR' };
    const body = isCancel ? { reason: 'changed their mind' } : { amount, reason: 'goodwill' };
    begin(async () => {
      const answer = await post(path, body, `${wish.fate} ${orderId}`.replaceAll(' ', '-'));
      if (answer === null) return;
      const requestId = String(answer['requestId']);
      const told = { shopId, orderExternalId, requestId };
      acknowledged.push(isCancel ? { kind: 'cancel', ...told } : { kind: 'refund', ...told, amountMinor: refundMinor });
    });
  };
  const ship = ({ shipmentId, number }: Planned): void => {
    const trackingNumber = `T-${number}`;
    const tracking = { carrier: 'DHL', trackingNumber, trackingUrl: null, service: null };
    begin(async () => {
      const answer = await post(
        '/shipments/ship-out',
        { shipments: [{ shipmentId, ...tracking }] },
        `ship-${shipmentId}`,
      );
      if (answer !== null) acknowledged.push({ kind: 'ship_out', shipmentId, trackingNumber });
    });
  };

  return {
    acknowledged,
    statuses,
    oddAnswers,
    wish(wish) {
      if (wish.fate !== 'waits' && wish.fate !== 'cancelled there') wishes.set(wish.orderExternalId, wish);
    },
    async look() {
      const known = await findOrders(database, [...wishes.keys()].slice(0, lookedFor));
      for (const { externalId, orderId } of known) {
        const wish = wishes.get(externalId);
        wishes.delete(externalId);
        if (wish === undefined) continue;
        if (wish.fate === 'shipped') toShip.set(orderId, wish);
        else change(wish, orderId);
      }
      const planned = await findPlanned(database, [...toShip.keys()].slice(0, lookedFor));
      for (const shipment of planned) {
        if (taken.has(shipment.shipmentId) || !shipment.orderIds.every((orderId) => toShip.has(orderId))) continue;
        taken.add(shipment.shipmentId);
        ship(shipment);
      }
      for (const { orderIds } of planned) for (const orderId of orderIds) toShip.delete(orderId);
    },
    async settled() {
      while (acting.size > 0) await Promise.all(acting);
    },
  };
}

type Answer = { readonly status: number; readonly json: Record<string, unknown> };

function findOrders(database: Harbour['database'], externalIds: readonly string[]): Promise<Known[]> {
  if (externalIds.length === 0) return Promise.resolve([]);
  return database.read((db) =>
    rows<Known>(
      db,
      sql`select shop_id as "shopId", external_id as "externalId", id as "orderId" from orders
          where external_id = any(${list('text', externalIds)}) limit ${actsPerLook}`,
    ),
  );
}

function findPlanned(database: Harbour['database'], orderIds: readonly string[]): Promise<Planned[]> {
  if (orderIds.length === 0) return Promise.resolve([]);
  return database.read((db) =>
    rows<Planned>(
      db,
      sql`select s.id as "shipmentId", s.number, array_agg(distinct a.order_id::text) as "orderIds"
          from shipments s join shipment_lines a on a.shipment_id = s.id
          where s.state = 'planned' and exists (
            select from shipment_lines l where l.shipment_id = s.id and l.order_id = any(${list('uuid', orderIds)}))
          group by s.id, s.number limit ${actsPerLook}`,
    ),
  );
}
