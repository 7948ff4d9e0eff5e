import { fulfilmentChecks } from '../fulfilment/index.ts';
import { inboundChecks } from '../inbound/index.ts';
import { invoicingChecks } from '../invoicing/index.ts';
import { orderChecks } from '../orders/index.ts';
import { outboundChecks } from '../outbound/index.ts';
import type { InvariantCheck } from '../platform/invariant/index.ts';
import { returnChecks } from '../returns/index.ts';
import { stockChecks } from '../stock/index.ts';

/** Every line of `wharf audit`, in the order of DESIGN §8. */
export const checks: readonly InvariantCheck[] = [
  ...stockChecks,
  ...inboundChecks,
  ...orderChecks,
  ...fulfilmentChecks,
  ...outboundChecks,
  ...returnChecks,
  ...invoicingChecks,
].toSorted((a, b) => a.invariant - b.invariant);
