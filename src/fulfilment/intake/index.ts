export { checkDocument } from './check-document.ts';
export { compareAge, type DocumentAge } from './judge-document.ts';
export { takeInOrders, type IntakeOutcome, type IntakeResult } from './take-in-orders.ts';
