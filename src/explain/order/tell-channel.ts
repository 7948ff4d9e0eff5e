import { tell, type Sentence } from '../words/sentences.ts';
import type { OrderFacts, WriteFact } from './order-facts.ts';
import { isHeldMissing } from './tell-holds.ts';
import { refusalOf } from './tell-writes.ts';
import { verdict, type Verdict } from './verdict.ts';

/** What the channel knows, does not know yet, or refused, and whether its own documents can be used. */
export function tellChannel(facts: OrderFacts): Verdict[] {
  const packages = facts.writes.filter((write) => write.kind === 'package');
  return [...tellPackages(facts, packages), ...tellRequests(facts), ...tellExceptions(facts)];
}

function tellPackages(facts: OrderFacts, packages: readonly WriteFact[]): Verdict[] {
  const shop = facts.shop.name;
  const open = packages.filter((write) => write.state !== 'done');
  const done = packages.filter((write) => write.state === 'done' && write.wasSent);
  if (open.length === 0)
    return done.length === 0
      ? []
      : [verdict(tell('stand.told', { shop, parcels: done.map((write) => write.parcel ?? 0) }))];
  return open.map((write) => {
    const parcel = write.parcel ?? 0;
    if (write.state === 'refused') {
      const words = refusalOf(write);
      return verdict(tell('stand.tell_refused', { parcel, shop, words }), tell('next.tell_refused', { parcel, shop }));
    }
    const stand = tell(write.state === 'unknown' ? 'stand.tell_unknown' : 'stand.tell_due', { parcel, shop });
    return verdict(stand, nextCall(facts, write));
  });
}

/** When a write goes out, or its lost answer is looked for. */
function nextCall({ now, shop, health }: OrderFacts, write: WriteFact): Sentence {
  if (shop.state !== 'active') return tell('next.shop_paused', { shop: shop.name });
  const resting = health.pausedUntil ?? now;
  const at = resting > write.dueAt ? resting : write.dueAt;
  if (write.state === 'unknown') return tell('next.read_back', { shop: shop.name, at });
  return at > now ? tell('next.tell_later', { shop: shop.name, at }) : tell('next.tell_soon', { shop: shop.name });
}

/** Only the last request of a kind counts: one that was asked again is answered by the later one. */
function tellRequests(facts: OrderFacts): Verdict[] {
  const shop = facts.shop.name;
  return (['cancel', 'refund'] as const).flatMap((request) => {
    const last = facts.writes.findLast((write) => write.kind === request);
    switch (last?.state) {
      case undefined:
      case 'done':
        return [];
      case 'refused':
        return [
          verdict(
            tell('stand.request_refused', { request, shop, words: refusalOf(last) }),
            tell('next.request_refused', { request, shop }),
          ),
        ];
      case 'unknown':
        return [verdict(tell('stand.request_unknown', { request, shop, at: last.dueAt }), nextCall(facts, last))];
      case 'due':
      case 'sending':
        return [verdict(tell('stand.request_open', { request, shop }), nextCall(facts, last))];
    }
  });
}

/** That an order is held because the channel does not show it is told with its holds. */
function tellExceptions(facts: OrderFacts): Verdict[] {
  const shop = facts.shop.name;
  return facts.exceptions.flatMap((kind) => {
    if (kind !== 'order.missing_on_channel')
      return [verdict(tell('stand.unreadable', { shop }), tell('next.unreadable', { shop }))];
    return isHeldMissing(facts) ? [] : [verdict(tell('stand.missing', { shop }), tell('next.missing', { shop }))];
  });
}
