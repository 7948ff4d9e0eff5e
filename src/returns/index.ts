export { askReturnRefund, type AskedRefund, type RefundWish, type ReturnRefundRequest } from './ask-refund.ts';
export { returnChecks } from './audit.ts';
export { decideReturn, type DecidedReturn, type ReturnDecision } from './decide-return.ts';
export { enterReturn, type EnteredReturn, type ReturnEntry } from './enter-return.ts';
export type { LineUnits, ReturnRefundAsked } from './events.ts';
export { judgeChannelRefunds } from './judge-channel-refunds.ts';
export { judgeChannelReturns } from './judge-channel-returns.ts';
export {
  findReturn,
  getReturn,
  listReturns,
  listReturnsOfOrder,
  type ReturnDetail,
  type ReturnFilters,
  type ReturnItem,
} from './queries.ts';
export { recordRefundAnswers, type RefundAnswer } from './record-refund-answers.ts';
export { decisions, returnStates, type Decision, type ReturnId, type ReturnState } from './return-states.ts';
export { returnRoutes } from './routes.ts';
export { tellStaleReturns } from './stale-returns.ts';
export { withdrawReturn } from './withdraw-return.ts';
export type { LineDecision } from './write-decisions.ts';
