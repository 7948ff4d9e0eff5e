import type { SimShop } from '../world.ts';

/** What the hub did on the channels, once: told by their journals alone. */
export type ChannelWatch = { look(): string[] };

export function watchChannels(shops: readonly SimShop[]): ChannelWatch {
  const seen = new Set<string>();
  const read = new Map<SimShop, number>();
  return {
    look: () =>
      shops.flatMap((shop) => {
        const journal = shop.sandbox.journal();
        const fresh = journal.slice(read.get(shop) ?? 0).filter(({ by }) => by === 'hub');
        read.set(shop, journal.length);
        return fresh.flatMap((entry) => {
          const key = effectOf(entry);
          if (key === null) return [];
          const name = `${shop.name} ${key}`;
          if (seen.has(name)) return [`${name} was done twice`];
          seen.add(name);
          return [];
        });
      }),
  };
}

type Entry = ReturnType<SimShop['sandbox']['journal']>[number];

/** What must not happen twice: a package by its reference, a refund by its request. */
function effectOf({ kind, subject, detail }: Entry): string | null {
  if (kind === 'fulfilled') return `package ${detail['reference'] ?? ''} of order ${subject}`;
  if (kind === 'refunded') return `refund ${detail['request'] ?? ''} of order ${subject}`;
  return null;
}
