/** The door of the fake storefront: for the demo, tests and the conformance suite. */
export { createSandbox, type Sandbox, type SandboxOptions } from './create-sandbox.ts';
export { serveFake, serveSandbox, type ServedSandbox } from './serve.ts';
export { ShopRefusal } from './shop.ts';
export { seededRandom, startSimulator } from './simulator/start.ts';
export type { ShopOrder } from './state.ts';
