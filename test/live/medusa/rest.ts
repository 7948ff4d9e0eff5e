/** Whatever a test wants to look into; live tests compare values and need no schema. */
// oxlint-disable-next-line typescript/no-explicit-any -- answers of a foreign server, looked into freely by tests only
export type Json = any;

export type RestClient = {
  get(path: string): Promise<Json>;
  /** Throws MedusaRefusal with the server's own words for any answer but 2xx. */
  post(path: string, body?: unknown): Promise<Json>;
};

export class MedusaRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'MedusaRefusal';
    this.status = status;
  }
}

export function restClient(origin: string, headers: Readonly<Record<string, string>> = {}): RestClient {
  const send = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { ...(method === 'POST' ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    });
    const text = await response.text();
    if (!response.ok)
      throw new MedusaRefusal(response.status, `${method} ${path}: ${response.status} ${text.slice(0, 400)}`);
    return JSON.parse(text);
  };
  return { get: (path) => send('GET', path), post: (path, body) => send('POST', path, body) };
}

/** The merchant, signed in for a day. */
export async function signIn(origin: string, merchant: { email: string; password: string }): Promise<RestClient> {
  const { token } = await restClient(origin).post('/auth/user/emailpass', merchant);
  return restClient(origin, { authorization: `Bearer ${token}` });
}
