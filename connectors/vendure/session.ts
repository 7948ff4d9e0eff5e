import { createHash } from 'node:crypto';
import { ChannelFault, requestJson, type ConnectorIo } from '../../src/connector-kit/index.ts';
import { signInDocument } from './documents.ts';
import type { VendureSettings } from './settings.ts';

const sessionsMax = 500;
/** Tokens by credentials, as promises: callers that come while a sign-in is under way wait for the same one. */
const sessions = new Map<string, Promise<string>>();

export type Session = { readonly headers: Readonly<Record<string, string>>; forget(): void };

/** The headers that sign a request in. `forget` drops the cached token, unless another call has renewed it already. */
export async function openSession(io: ConnectorIo<VendureSettings>): Promise<Session> {
  const { username, password, apiKey } = io.settings;
  if (username === null || password === null) {
    return { headers: { 'vendure-api-key': apiKey ?? '' }, forget: () => undefined };
  }
  const key = createHash('sha256')
    .update(JSON.stringify([io.settings.adminApiUrl, username, password]))
    .digest('base64');
  const cached = sessions.get(key);
  const token = cached ?? signIn(io, username, password);
  if (cached === undefined) remember(key, token);
  return {
    headers: { authorization: `Bearer ${await token}` },
    forget: () => {
      if (sessions.get(key) === token) sessions.delete(key);
    },
  };
}

function remember(key: string, token: Promise<string>): void {
  if (sessions.size >= sessionsMax) sessions.clear();
  sessions.set(key, token);
  token.catch(() => {
    if (sessions.get(key) === token) sessions.delete(key);
  });
}

/** Vendure hands the token out in a header; a wrong name or password is an ErrorResult under HTTP 200, without a token. */
async function signIn(io: ConnectorIo<VendureSettings>, username: string, password: string): Promise<string> {
  const response = await requestJson(io, {
    method: 'POST',
    url: io.settings.adminApiUrl,
    intent: 'read',
    body: { operationName: 'WharfSignIn', query: signInDocument, variables: { username, password } },
  });
  const token = response.headers.get('vendure-auth-token');
  if (token === null || token === '')
    throw new ChannelFault({ kind: 'unauthorised' }, 'unauthorised: sign-in was refused');
  return token;
}
