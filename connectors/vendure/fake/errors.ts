/** A top-level GraphQL error under HTTP 200. Without a code it is a raw exception of the server's. */
export class FakeGraphqlError extends Error {
  readonly code: string | null;

  constructor(message: string, code: string | null) {
    super(message);
    this.name = 'FakeGraphqlError';
    this.code = code;
  }
}

/** A member of a mutation's union. */
export function errorResult(errorCode: string, message: string): { errorCode: string; message: string } {
  return { errorCode, message };
}
