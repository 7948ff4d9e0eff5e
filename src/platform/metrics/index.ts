export { createMetrics, type Gauge, type Metrics, type Sample } from './create-metrics.ts';
