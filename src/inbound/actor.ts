export const inboundActor = { kind: 'system', id: 'inbound' } as const;
