import type { z } from 'zod';
import { errorResult, FakeGraphqlError } from './errors.ts';
import type { refundInput, settleRefundInput } from './requests.ts';
import type { FakePayment, FakeState } from './state.ts';

/** Pending until it is settled. Without the deprecated fields the database refuses it. */
export function refund(state: FakeState, { input }: z.infer<typeof refundInput>): unknown {
  const payment = payments(state).find((candidate) => candidate.id === input.paymentId);
  if (payment === undefined)
    throw new FakeGraphqlError(`No Payment with the id "${input.paymentId}" could be found`, 'ENTITY_NOT_FOUND');
  const refunded = payment.refunds.filter((row) => row.state !== 'Failed').reduce((sum, row) => sum + row.total, 0);
  if (input.amount > payment.amount - refunded) {
    return errorResult('REFUND_AMOUNT_ERROR', 'The amount specified exceeds the refundable amount for this payment');
  }
  if (input.shipping === undefined || input.adjustment === undefined) {
    const column = input.shipping === undefined ? 'shipping' : 'adjustment';
    throw new FakeGraphqlError(
      `null value in column "${column}" of relation "refund" violates not-null constraint`,
      null,
    );
  }
  const made = {
    id: state.nextId(),
    state: 'Pending',
    total: input.amount,
    reason: input.reason ?? null,
    createdAt: state.now().toISOString(),
    lines: input.lines ?? [],
  };
  payment.refunds.push(made);
  return { id: made.id, state: made.state };
}

export function settleRefund(state: FakeState, { input }: z.infer<typeof settleRefundInput>): unknown {
  const found = payments(state)
    .flatMap((payment) => payment.refunds)
    .find((row) => row.id === input.id);
  if (found === undefined)
    throw new FakeGraphqlError(`No Refund with the id "${input.id}" could be found`, 'ENTITY_NOT_FOUND');
  if (found.state !== 'Pending') return errorResult('REFUND_STATE_TRANSITION_ERROR', 'Cannot transition the Refund');
  found.state = 'Settled';
  return { id: found.id, state: found.state };
}

function payments(state: FakeState): FakePayment[] {
  return state.orders.flatMap((order) => order.payments);
}
