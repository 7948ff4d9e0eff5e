export * from './clock.ts';
export * from './decimal.ts';
export * from './fault.ts';
export * from './ids.ts';
export * from './money.ts';
export * from './page.ts';
export * from './quantity.ts';
export * from './state-machine.ts';
