export * from './channel-fault.ts';
export * from './connector.ts';
export * from './lossless.ts';
export * from './models/listing.ts';
export * from './models/order.ts';
export * from './retry.ts';
export * from './settings.ts';
