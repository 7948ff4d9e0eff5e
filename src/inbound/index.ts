export { inboundChecks } from './audit.ts';
export { askOpenOrders } from './ask-open-orders.ts';
export { deleteOldBodies } from './delete-old-bodies.ts';
export { drainInbox, type DrainResult } from './drain-inbox.ts';
export type { InboxStored, ReadAsked } from './events.ts';
export { pollListings } from './poll-listings.ts';
export { pollOrders } from './poll-orders.ts';
export {
  findShopsWithDueReads,
  findShopsWithPending,
  inboxBacklog,
  listInbox,
  type InboxBacklog,
  type InboxFilters,
  type InboxItem,
} from './queries.ts';
export { countOpenReads, readAllOpenOrders } from './read-all-open-orders.ts';
export { readOrdersAgain } from './read-orders-again.ts';
export { openReception, receiveWebhook, type Reception } from './receive-webhook.ts';
export type { WebhookAnswer } from './webhook-answer.ts';
export { registerWebhooks } from './register-webhooks.ts';
export {
  everything,
  findReplayable,
  getInboxEvents,
  replayStates,
  type Replayable,
  type ReplayFilter,
} from './find-replayable.ts';
export { replayInbox } from './replay-inbox.ts';
export { translateAgain, translatedAgainMax, type ReplayOutcome } from './translate-again.ts';
export { requestReads, type ReadReason } from './request-reads.ts';
export { hookRoutes, inboxRoutes } from './routes.ts';
export { sweepOrders } from './sweep-orders.ts';
