import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { deallocate, variantOf } from './allocate.ts';
import { errorResult } from './errors.ts';
import type { fulfilInput, moveFulfilmentInput } from './requests.ts';
import type { FakeLine, FakeOrder, FakeState } from './state.ts';

type Units = { orderLineId: string; quantity: number };

/** Between the check and the write the server does other work: two identical fulfilments at once both succeed. */
export async function addFulfilment(state: FakeState, { input }: z.infer<typeof fulfilInput>): Promise<unknown> {
  if (input.lines.every((line) => line.quantity === 0)) {
    return errorResult('EMPTY_ORDER_LINE_SELECTION_ERROR', 'At least one OrderLine must be specified');
  }
  const order = orderOfLine(state, input.lines[0]?.orderLineId ?? '');
  if (order === null || input.lines.some((line) => line.quantity > openUnits(order, line.orderLineId))) {
    return errorResult('ITEMS_ALREADY_FULFILLED_ERROR', 'One or more OrderItems are already part of a Fulfillment');
  }
  if (input.lines.some((line) => onHand(state, lineOf(order, line.orderLineId)) < line.quantity)) {
    return errorResult(
      'INSUFFICIENT_STOCK_ON_HAND_ERROR',
      'Cannot create a Fulfillment, there is too little stock on hand',
    );
  }
  await nextTurn();
  const argument = (name: string): string => input.handler.arguments.find((row) => row.name === name)?.value ?? '';
  const fulfilment = {
    id: state.nextId(),
    state: 'Pending',
    method: argument('method'),
    trackingCode: argument('trackingCode'),
    lines: input.lines,
  };
  order.fulfillments.push(fulfilment);
  // Sold as soon as it is pending: units leave both the shelf and the allocation.
  for (const line of input.lines) {
    const variant = variantOf(state, lineOf(order, line.orderLineId)?.productVariant.id ?? '');
    if (variant !== null) deallocate(variant, line.quantity, true);
  }
  return { id: fulfilment.id, state: fulfilment.state };
}

/** The order follows its fulfilments; its change clock does not. */
export function moveFulfilment(state: FakeState, { id, state: target }: z.infer<typeof moveFulfilmentInput>): unknown {
  const order = state.orders.find((candidate) => candidate.fulfillments.some((fulfilment) => fulfilment.id === id));
  const fulfilment = order?.fulfillments.find((candidate) => candidate.id === id);
  const allowed = {
    Pending: ['Shipped', 'Delivered', 'Cancelled'],
    Shipped: ['Delivered', 'Cancelled'],
    Delivered: ['Cancelled'],
  };
  const next: readonly string[] = Object.entries(allowed).find(([from]) => from === fulfilment?.state)?.[1] ?? [];
  if (order === undefined || fulfilment === undefined || !next.includes(target)) {
    return errorResult('FULFILLMENT_STATE_TRANSITION_ERROR', 'Cannot transition the Fulfillment');
  }
  fulfilment.state = target;
  const all = order.lines.every((line) => unitsIn(order, line.id, [target]) >= line.quantity);
  if (target !== 'Cancelled') order.state = all ? target : `Partially${target}`;
  return { id, state: target };
}

function openUnits(order: FakeOrder, lineId: string): number {
  return (lineOf(order, lineId)?.quantity ?? 0) - unitsIn(order, lineId, ['Pending', 'Shipped', 'Delivered']);
}

function unitsIn(order: FakeOrder, lineId: string, states: readonly string[]): number {
  return order.fulfillments
    .filter((fulfilment) => states.includes(fulfilment.state))
    .flatMap((fulfilment): readonly Units[] => fulfilment.lines)
    .reduce((sum, line) => sum + (line.orderLineId === lineId ? line.quantity : 0), 0);
}

function onHand(state: FakeState, line: FakeLine | null): number {
  return (variantOf(state, line?.productVariant.id ?? '')?.stockLevels ?? []).reduce(
    (sum, level) => sum + level.stockOnHand,
    0,
  );
}

function orderOfLine(state: FakeState, lineId: string): FakeOrder | null {
  return state.orders.find((order) => lineOf(order, lineId) !== null) ?? null;
}

function lineOf(order: FakeOrder, lineId: string): FakeLine | null {
  return order.lines.find((line) => line.id === lineId) ?? null;
}
