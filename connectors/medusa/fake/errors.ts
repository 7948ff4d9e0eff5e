/** An answer other than 2xx, in Medusa's words. */
export class FakeRefusal extends Error {
  readonly status: 400 | 401 | 404 | 500;
  readonly type: string;

  constructor(status: 400 | 401 | 404 | 500, type: string, message: string) {
    super(message);
    this.name = 'FakeRefusal';
    this.status = status;
    this.type = type;
  }
}

export const invalidData = (message: string): FakeRefusal => new FakeRefusal(400, 'invalid_data', message);
export const notAllowed = (message: string): FakeRefusal => new FakeRefusal(400, 'not_allowed', message);
export const notFound = (message: string): FakeRefusal => new FakeRefusal(404, 'not_found', message);
/** What Medusa says of a bad date or sort column, and of a broken database. */
export const unknownError = (): FakeRefusal => new FakeRefusal(500, 'unknown_error', 'An unknown error occurred.');
