/** The door of the fake Medusa: for tests, the conformance suite and `wharf connector fake`. */
export { createFakeMedusa, type FakeMedusa } from './create-fake-medusa.ts';
export { serveFake } from './serve.ts';
