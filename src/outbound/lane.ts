/** How long a channel may still apply a write whose answer we never got: our longest call, and some for its queue. */
export const outcomeSettleMsDefault = 15_000;

/** Announcements and requests claimed in one pass; each is one call. */
export const writesPerPassMax = 20;

export const systemActor = { kind: 'system', id: 'outbound' } as const;
