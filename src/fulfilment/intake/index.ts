export { takeInOrders, type IntakeOutcome, type IntakeResult } from './take-in-orders.ts';
