import { stateMachine, type Id } from '../kernel/index.ts';

export type ReturnId = Id<'return'>;
export type ReturnLineId = Id<'return_line'>;

export type ReturnState = 'open' | 'decided' | 'withdrawn';

/**
 * `open` while units wait for a decision, `decided` when none does. `withdrawn`: opened in error, or by a refund that then
 * failed, or cancelled on the channel; possible while nothing is decided.
 */
export const returnStates = stateMachine<ReturnState>('return', 'open', {
  open: ['decided', 'withdrawn'],
  decided: [],
  withdrawn: [],
});

/** `channel_refund`: the channel showed a refund for goods that had left; `channel_return`: that the buyer sends them back. */
export const returnSources = ['person', 'channel_refund', 'channel_return'] as const;
export type ReturnSource = (typeof returnSources)[number];

/** Of a return as the channel reports it: `received` there is no decision here. */
export const reportStates = ['requested', 'received', 'cancelled'] as const;
export type ReportState = (typeof reportStates)[number];

export type RefundState = 'asked' | 'made' | 'refused' | 'failed';

/**
 * Of a refund that a return asked for. One that the channel made by itself begins as `made`. `failed`: the channel showed it
 * and then that the money did not move.
 */
export const refundStates = stateMachine<RefundState>('return_refund', 'asked', {
  asked: ['made', 'refused'],
  made: ['failed'],
  refused: [],
  failed: [],
});

/** `restock`: sellable again; `scrap`: came back and is lost; `none`: nothing came back. */
export const decisions = ['restock', 'scrap', 'none'] as const;
export type Decision = (typeof decisions)[number];
