import type { BenchCase } from './bench-case.ts';
import { orderLatency, webhookLatency } from './latency.ts';
import { ratioHot } from './orders/ratio-hot.ts';
import { ratioOrders } from './orders/ratio-orders.ts';
import { growthPlans } from './plans/growth-plans.ts';
import { pushTime } from './push.ts';
import { webhookRatio } from './webhook.ts';

/** In the order in which they run and are told. */
export const benchCases: readonly BenchCase[] = [
  ratioOrders,
  webhookRatio,
  ratioHot,
  webhookLatency,
  orderLatency,
  pushTime,
  growthPlans,
];
