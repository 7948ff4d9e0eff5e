export type { Schedule } from './cron-lanes.ts';
export { kindOfLane, type LaneKind, type Lease } from './lane-kind.ts';
export { inspectQueue, type QueueFacts } from './inspect-queue.ts';
export { openQueue, type Queue, type QueueOptions } from './open-queue.ts';
export { pauseLane, resumeLane } from './pause-lane.ts';
export { pauseEverything, resumeEverything } from './pause-everything.ts';
export { listLanes, type LaneRow } from './queries.ts';
export { queueGauges } from './queue-gauges.ts';
export type { Worker, WorkOptions } from './start-worker.ts';
