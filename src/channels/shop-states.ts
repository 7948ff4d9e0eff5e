import { stateMachine } from '../kernel/index.ts';

export type ShopState = 'active' | 'paused' | 'removed';

/** A paused shop still takes in its webhooks; a removed one keeps its history and nothing else. */
export const shopStates = stateMachine<ShopState>('shop', 'active', {
  active: ['paused', 'removed'],
  paused: ['active', 'removed'],
  removed: [],
});
