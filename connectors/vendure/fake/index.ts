/** The door of the fake Vendure: for tests, the conformance suite and `wharf connector fake`. */
export { createFakeVendure, type FakeVendure } from './create-fake-vendure.ts';
export { serveFake } from './serve.ts';
