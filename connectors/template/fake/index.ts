/** The door of the fake: for tests, the conformance suite and `wharf connector fake`. */
export { createFakeAcmeShop, type FakeAcmeShop } from './create-fake.ts';
export { serveFake } from './serve.ts';
export { signedHeaders } from './webhooks.ts';
