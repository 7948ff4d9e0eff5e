/** A draft is being written, an archived product is no longer offered; any may become any other, so there is no table. */
export const productStates = ['draft', 'active', 'archived'] as const;

export type ProductState = (typeof productStates)[number];
