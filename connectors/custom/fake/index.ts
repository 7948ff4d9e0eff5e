/** The door of the fake store: for tests, the conformance suite and `wharf connector fake custom`. */
export { createStore, type FakeStore } from './create-store.ts';
export { serveFake, serveStore, storeSettings } from './serve.ts';
