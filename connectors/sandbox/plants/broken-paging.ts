import type { AnyConnector, ConnectorIo, RawDocument } from '../../../src/connector-kit/index.ts';
import { sandbox } from '../index.ts';
import type { SandboxOrderState } from '../orders.ts';
import type { SandboxSettings } from '../settings.ts';
import { toChannelOrder } from './plain-order.ts';

type SandboxIo = ConnectorIo<SandboxSettings>;
type Orders = (typeof sandbox)['orders'];
type Broken = Partial<AnyConnector['orders']>;

const pageSize = 100;

/** All orders by change time, as a vendor with another kind of list would hold them. */
async function all(io: SandboxIo, since: Date): Promise<RawDocument[]> {
  const found: RawDocument[] = [];
  let state: SandboxOrderState | null = null;
  do {
    const page: Awaited<ReturnType<Orders['pullOrders']>> = await sandbox.orders.pullOrders(io, state, since);
    found.push(...page.items);
    state = page.next;
  } while (state !== null);
  return found;
}

/** Pages by offset, so a row that moves to the end pulls the next page's first row into the page already read. */
export const byOffset: Broken = {
  async pullOrders(io: SandboxIo, state: { offset: number } | null, since: Date) {
    const offset = state?.offset ?? 0;
    const rows = await all(io, since);
    const next = { offset: offset + pageSize };
    const items = rows.slice(offset, next.offset);
    return { items, next: rows.length > next.offset ? next : null, resume: { offset: rows.length } };
  },
};

/** Goes on strictly after the last time seen, so rows of that very time are lost at a page border. */
export const byTimeAlone: Broken = {
  async pullOrders(io: SandboxIo, state: { after: string } | null, since: Date) {
    const after = state?.after ?? since.toISOString();
    const rows = (await all(io, since)).filter((row) => changedAt(row) > after);
    const items = rows.slice(0, pageSize);
    const last = items.at(-1);
    const at = { after: last === undefined ? after : changedAt(last) };
    return { items, next: rows.length > pageSize ? at : null, resume: at };
  },
};

/** Keeps its place in the process: what was read and not stored is gone. */
export function inMemory(): Broken {
  let place: SandboxOrderState | null = null;
  return {
    async pullOrders(io: SandboxIo, _: unknown, since: Date) {
      const page = await sandbox.orders.pullOrders(io, place, since);
      place = page.next ?? page.resume;
      return page;
    },
  };
}

/** Stops after the first page. */
export const firstPageOnly: Broken = {
  async pullOrders(io: SandboxIo, state: SandboxOrderState | null, since: Date) {
    return { ...(await sandbox.orders.pullOrders(io, state, since)), next: null };
  },
};

function changedAt(row: RawDocument): string {
  return toChannelOrder(row.body).updatedAt ?? '';
}
