export { cached } from './cached.ts';
export { createMetrics, type CallOutcome, type Gauge, type Metrics, type Sample } from './create-metrics.ts';
export { labelledShopsMax, otherShops } from './label-cap.ts';
