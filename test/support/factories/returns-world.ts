import { expect } from 'vitest';
import { ChannelFault, type ChannelRefund, type ChannelReturn } from '../../../src/connector-kit/index.ts';
import { Fault, type OrderId, type OrderLineId } from '../../../src/kernel/index.ts';
import type { OrderDetail } from '../../../src/orders/index.ts';
import { sendRequests } from '../../../src/outbound/index.ts';
import { constraintName } from '../../../src/platform/db/index.ts';
import { runChecks } from '../../../src/platform/invariant/index.ts';
import {
  decideReturn,
  enterReturn,
  getReturn,
  listReturnsOfOrder,
  returnChecks,
  type DecidedReturn,
  type EnteredReturn,
  type LineDecision,
  type RefundWish,
  type ReturnDetail,
  type ReturnId,
} from '../../../src/returns/index.ts';
import { stockChecks } from '../../../src/stock/index.ts';
import type { TestDatabase } from '../database.ts';
import { readLevel } from './stock.ts';
import { useOutbound, type OutboundBench, type OutboundWorld } from './outbound-world.ts';

export type Decided = Pick<LineDecision, 'decision' | 'quantity'>;

/** A shop whose channel refunds, with returns entered, decided and shown as one line says. */
export type ReturnsWorld = OutboundWorld & {
  readonly bench: OutboundBench;
  /** Enters units of the order's first lines, in order; 0 leaves a line out. */
  enter(order: OrderDetail, units: readonly number[], refund?: Partial<RefundWish>): Promise<EnteredReturn>;
  /** Decides units of the return's first line; restocked ones lie in the world's warehouse. */
  decide(returnId: ReturnId, decided: readonly Decided[], refund?: Partial<RefundWish>): Promise<DecidedReturn>;
  /** Decides all that waits. */
  decideAll(returnId: ReturnId, decision: Decided['decision']): Promise<void>;
  returned(returnId: ReturnId): Promise<ReturnDetail>;
  returnsOf(orderId: OrderId): Promise<ReturnDetail[]>;
  /** Units on hand of the first and the second SKU. */
  onHand(): Promise<[number, number]>;
  /** The channel refuses the next call with this code. */
  refuseNextCall(code: string): void;
  /** One pass of the lane that calls the channel for cancels and refunds. */
  send(): Promise<void>;
};

export const wishOf = (wish: Partial<RefundWish> = {}): RefundWish => ({
  amount: null,
  includesShipping: false,
  reason: null,
  ...wish,
});

/** A settled refund as a channel shows it; lines as `[line, units]`. */
export function shownRefund(
  externalId: string,
  amountMinor: number,
  lines: readonly (readonly [string, number])[] = [],
  more: Partial<ChannelRefund> = {},
): ChannelRefund {
  return {
    externalId,
    paymentExternalId: null,
    state: 'settled',
    amountMinor,
    reason: 'did not fit',
    at: '2026-11-21T08:00:00Z',
    lines: lines.map(([lineExternalId, quantity]) => ({ lineExternalId, quantity })),
    ...more,
  };
}

/** A return as a channel shows it; lines as `[line, units]`. */
export function shownReturn(
  externalId: string,
  lines: readonly (readonly [string, number])[],
  state: ChannelReturn['state'] = 'requested',
): ChannelReturn {
  return {
    externalId,
    state,
    reason: 'too small',
    at: '2026-11-21T08:00:00Z',
    lines: lines.map(([lineExternalId, quantity]) => ({ lineExternalId, quantity })),
  };
}

export function useReturns(): {
  open(facts?: Parameters<OutboundBench['open']>[0]): Promise<ReturnsWorld>;
} & OutboundBench {
  const bench = useOutbound();
  return {
    ...bench,
    open: async (facts = {}) => openReturns(bench, await bench.open({ pushesStock: false, ...facts })),
  };
}

function openReturns(bench: OutboundBench, world: OutboundWorld): ReturnsWorld {
  const { database } = bench;
  return {
    ...world,
    bench,
    enter: (order, units, refund) =>
      database.run((ctx) =>
        enterReturn(ctx, {
          orderId: order.orderId,
          reason: 'did not fit',
          lines: units.flatMap((quantity, index) =>
            quantity === 0 ? [] : [{ orderLineId: lineOf(order, index), quantity }],
          ),
          refund: refund === undefined ? null : wishOf(refund),
        }),
      ),
    decide: (returnId, decided, refund) =>
      database.run(async (ctx) => {
        const [line] = (await getReturn(ctx.tx, returnId))?.lines ?? [];
        if (line === undefined) throw new Error('no such return');
        return decideReturn(ctx, {
          returnId,
          lines: decided.map((each) => ({
            ...each,
            returnLineId: line.returnLineId,
            warehouseId: each.decision === 'restock' ? world.warehouseId : null,
            note: null,
          })),
          refund: refund === undefined ? null : wishOf(refund),
        });
      }),
    async decideAll(returnId, decision) {
      const warehouseId = decision === 'restock' ? world.warehouseId : null;
      await database.run(async (ctx) => {
        const lines = (await getReturn(ctx.tx, returnId))?.lines ?? [];
        await decideReturn(ctx, {
          returnId,
          lines: lines.map(({ returnLineId, waiting: quantity }) => ({
            returnLineId,
            decision,
            quantity,
            warehouseId,
            note: null,
          })),
          refund: null,
        });
      });
    },
    async returned(returnId) {
      const found = await database.read((db) => getReturn(db, returnId));
      if (found === null) throw new Error('no such return');
      return found;
    },
    returnsOf: (orderId) => database.read((db) => listReturnsOfOrder(db, orderId)),
    async onHand() {
      const [first, second] = await database.read(async (db) => [
        await readLevel(db, world.skus[0], world.warehouseId),
        await readLevel(db, world.skus[1], world.warehouseId),
      ]);
      return [first?.onHand ?? 0, second?.onHand ?? 0];
    },
    refuseNextCall(code) {
      bench.channel.writeFaults.push(new ChannelFault({ kind: 'rejected', code, detail: 'no' }));
    },
    async send() {
      await world.run(sendRequests);
    },
  };
}

export function lineOf(order: OrderDetail, index = 0): OrderLineId {
  const line = order.lines[index];
  if (line === undefined) throw new Error(`no line ${index}`);
  return line.orderLineId;
}

/** Invariants of returns and of the stock that they move. */
export async function expectReturnsSound(database: TestDatabase): Promise<void> {
  const lines = await runChecks(database, [...returnChecks, ...stockChecks]);
  const found = lines.map(({ check, result }) => [check.name, result.differences]);
  expect(found).toEqual(lines.map(({ check }) => [check.name, []]));
}

/** The code of the fault that `work` ends with: of its first field where it names one. */
export async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw new Error(`no fault: ${String(error)}`);
  return error.fields[0]?.code ?? error.code;
}

/** The constraint that a statement of `work` ran into. */
export async function constraintOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(() => null, constraintName);
}
