/** Lanes of the whole deployment. Each shop has one more, `outbound:<shop>` (channels/lane.ts). */
export const lanes = {
  inbound: 'inbound',
  mapping: 'mapping',
  allocation: 'allocation',
} as const;
