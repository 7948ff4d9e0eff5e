import { ChannelFault, type StockCapability } from '../../../src/connector-kit/index.ts';
import type { VendureSettings } from '../settings.ts';
import { stock } from '../stock.ts';

type Stock = StockCapability<VendureSettings>;

/** One after the other, up to the first that is refused. */
export const stopsAtTheFirst: Stock = {
  ...stock,
  async pushStock(io, pushes) {
    const results = [];
    for (const push of pushes) {
      const [result] = await stock.pushStock(io, [push]);
      if (result?.outcome !== 'told') throw new ChannelFault({ kind: 'rejected', code: 'bad', detail: 'refused' });
      results.push(result);
    }
    return results;
  },
};

export const callsAllTold: Stock = {
  ...stock,
  async pushStock(io, pushes) {
    await stock.pushStock(io, pushes);
    return pushes.map(({ listingExternalId }) => ({ listingExternalId, outcome: 'told' }));
  },
};

export const leavesRefusedOut: Stock = {
  ...stock,
  async pushStock(io, pushes) {
    return (await stock.pushStock(io, pushes)).filter(({ outcome }) => outcome === 'told');
  },
};

/** Sends nothing that it has told before. */
export function skipsTheKnown(): Stock {
  const told = new Map<string, number>();
  return {
    ...stock,
    async pushStock(io, pushes) {
      const unknown = pushes.filter((push) => told.get(push.listingExternalId) !== push.quantity);
      await stock.pushStock(io, unknown);
      for (const { listingExternalId, quantity } of unknown) told.set(listingExternalId, quantity);
      return pushes.map(({ listingExternalId }) => ({ listingExternalId, outcome: 'told' }));
    },
  };
}

/** Reads back from memory what it told last. */
export function readsItsMemory(): Stock {
  const told = new Map<string, number>();
  return {
    ...stock,
    async pushStock(io, pushes) {
      const results = await stock.pushStock(io, pushes);
      for (const { listingExternalId, quantity } of pushes) told.set(listingExternalId, quantity);
      return results;
    },
    async readStock(io, ids) {
      const shown = await stock.readStock(io, ids);
      return shown.map((row) => ({ ...row, saleable: told.get(row.listingExternalId) ?? row.saleable }));
    },
  };
}
