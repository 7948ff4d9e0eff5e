/** The door of the fake storefront: for the demo, tests and the conformance suite. */
export { sandboxCharacters, type SandboxCharacter } from './characters/index.ts';
export { createSandbox, type Sandbox, type SandboxOptions } from './create-sandbox.ts';
export { noFaults, type FaultKind, type SandboxFaults } from './faults.ts';
export { serveFake, serveSandbox, type ServedSandbox } from './serve.ts';
export { ShopRefusal } from './shop.ts';
export { seededRandom, startSimulator } from './simulator/start.ts';
export type { JournalEntry, ShopOrder } from './state.ts';
export type { Delivery } from './webhooks.ts';
