import { randomUUID } from 'node:crypto';
import { cancel } from './cancel.ts';
import { errorResult, FakeGraphqlError } from './errors.ts';
import { addFulfilment, moveFulfilment } from './fulfil.ts';
import { listRows } from './list.ts';
import { refund, settleRefund } from './refund.ts';
import * as requests from './requests.ts';
import { setStock } from './set-stock.ts';
import type { FakeState } from './state.ts';

export type Answer = { readonly data: Record<string, unknown>; readonly token?: string };
type Operation = (state: FakeState, variables: unknown) => Promise<Answer> | Answer;

const globalSettings = { trackInventory: true, outOfStockThreshold: 0 };

/** Our documents, known by their names. Fields come whole: the fake does not read selections. */
const operations: Readonly<Record<string, Operation>> = {
  WharfCheck: (state) => ({
    data: {
      activeChannel: {
        code: '__default_channel__',
        defaultCurrencyCode: state.currency,
        seller: { name: 'Fake shop' },
      },
    },
  }),
  WharfOrders: (state, variables) => list('orders', state.orders, variables),
  WharfOrderClock: (state, variables) => list('orders', state.orders, variables),
  WharfListings: (state, variables) => list('productVariants', state.variants, variables),
  WharfStock: (state, variables) => list('productVariants', state.variants, variables),
  WharfLocations: (state, variables) => list('stockLocations', state.locations, variables),
  WharfCancelOrder: (state, variables) => ({
    data: { cancelOrder: cancel(state, requests.cancelInput.parse(variables)) },
  }),
  WharfRefundOrder: (state, variables) => ({
    data: { refundOrder: refund(state, requests.refundInput.parse(variables)) },
  }),
  WharfSettleRefund: (state, variables) => ({
    data: { settleRefund: settleRefund(state, requests.settleRefundInput.parse(variables)) },
  }),
  WharfFulfil: async (state, variables) => ({
    data: { addFulfillmentToOrder: await addFulfilment(state, requests.fulfilInput.parse(variables)) },
  }),
  WharfMoveFulfilment: (state, variables) => ({
    data: { transitionFulfillmentToState: moveFulfilment(state, requests.moveFulfilmentInput.parse(variables)) },
  }),
  WharfSetStock: (state, variables) => ({
    data: { updateProductVariants: setStock(state, requests.setStockInput.parse(variables)) },
  }),
};

function list(field: string, rows: readonly Record<string, unknown>[], variables: unknown): Answer {
  return { data: { globalSettings, [field]: listRows(rows, requests.listOptions.parse(variables).options) } };
}

export async function answer(
  state: FakeState,
  operationName: string,
  variables: unknown,
  isSignedIn: boolean,
): Promise<Answer> {
  if (operationName === 'WharfSignIn') return signIn(state, variables);
  if (!isSignedIn) throw new FakeGraphqlError('You are not currently authorized to perform this action', 'FORBIDDEN');
  const operation = operations[operationName];
  if (operation === undefined)
    throw new FakeGraphqlError(`Unknown operation named "${operationName}"`, 'GRAPHQL_VALIDATION_FAILED');
  return operation(state, variables);
}

function signIn(state: FakeState, variables: unknown): Answer {
  const { username, password } = requests.signInInput.parse(variables);
  state.signIns += 1;
  if (state.users.get(username) !== password) {
    return { data: { login: errorResult('INVALID_CREDENTIALS_ERROR', 'The provided credentials are invalid') } };
  }
  const token = randomUUID();
  state.tokens.add(token);
  return { data: { login: { id: '1' } }, token };
}
