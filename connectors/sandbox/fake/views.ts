import type { Trouble } from './faults.ts';
import { levelKey } from './levels.ts';
import type { Shop } from './shop.ts';
import type { ShopOrder } from './state.ts';

/** What each door of the shop shows. */
export type Views = {
  /** What the list shows. */
  listed(): readonly ShopOrder[];
  /** What reading by id shows. */
  byId(orderId: string): ShopOrder | undefined;
  /** What the count counts. */
  counted(): readonly ShopOrder[];
  /** What can be bought at a location. */
  level(listingId: string, locationId: string): number;
};

/** Every door shows every change at once, but for rows that the faults keep from the list for a while. */
export function promptViews(shop: Shop, trouble: Trouble): Views {
  const { faults } = trouble;
  const hiddenUntilMs = new Map<string, number>();
  const nowMs = (): number => shop.clock.now().getTime();
  shop.onCommit((_, { order }) => {
    if (order === undefined || faults.listLateNext === 0) return;
    faults.listLateNext -= 1;
    trouble.happened('shown_late');
    hiddenUntilMs.set(order.id, nowMs() + faults.listLagMs);
  });
  return {
    listed: () => Object.values(shop.state.orders).filter(({ id }) => (hiddenUntilMs.get(id) ?? 0) <= nowMs()),
    byId: (orderId) => shop.state.orders[orderId],
    counted: () => Object.values(shop.state.orders),
    level: (listingId, locationId) => shop.state.levels[levelKey(listingId, locationId)] ?? 0,
  };
}

/** Each door has a copy of its own, which learns of each change when chance says so, `lateMs` later at the longest. */
export function lateViews(shop: Shop, trouble: Trouble): Views {
  const { faults } = trouble;
  const nowMs = (): number => shop.clock.now().getTime();
  const lateness = (): number => {
    if (faults.lateMs === 0) return 0;
    trouble.happened('shown_late');
    return Math.floor(trouble.random() * faults.lateMs);
  };
  const doors = {
    list: lateCopy<ShopOrder>(nowMs),
    byId: lateCopy<ShopOrder>(nowMs),
    count: lateCopy<ShopOrder>(nowMs),
  };
  const levels = lateCopy<number>(nowMs);
  const learn = (order: ShopOrder, lateMs: () => number): void => {
    const snapshot = structuredClone(order);
    for (const door of Object.values(doors)) door.learn(order.id, snapshot, nowMs() + lateMs());
  };
  for (const order of Object.values(shop.state.orders)) learn(order, () => 0);
  for (const [key, units] of Object.entries(shop.state.levels)) levels.learn(key, units, nowMs());
  shop.onCommit((_, { order, levelKeys = [] }) => {
    if (order !== undefined) learn(order, lateness);
    for (const key of levelKeys) levels.learn(key, shop.state.levels[key] ?? 0, nowMs() + lateness());
  });
  return {
    listed: () => doors.list.all(),
    byId: (orderId) => doors.byId.get(orderId),
    counted: () => doors.count.all(),
    level: (listingId, locationId) => levels.get(levelKey(listingId, locationId)) ?? 0,
  };
}

type LateCopy<Value> = {
  learn(key: string, value: Value, visibleMs: number): void;
  get(key: string): Value | undefined;
  all(): Value[];
};

/** Learns of the changes of one key in the order they were made. */
function lateCopy<Value>(nowMs: () => number): LateCopy<Value> {
  const known = new Map<string, { value: Value; visibleMs: number }[]>();
  const get = (key: string): Value | undefined => {
    const changes = known.get(key) ?? [];
    while (changes[1] !== undefined && changes[1].visibleMs <= nowMs()) changes.shift();
    const [first] = changes;
    return first !== undefined && first.visibleMs <= nowMs() ? first.value : undefined;
  };
  return {
    learn(key, value, visibleMs) {
      const changes = known.get(key) ?? [];
      changes.push({ value, visibleMs: Math.max(visibleMs, changes.at(-1)?.visibleMs ?? 0) });
      known.set(key, changes);
    },
    get,
    all: () => [...known.keys()].flatMap((key) => get(key) ?? []),
  };
}
