import type { AnyConnector } from '../../../src/connector-kit/index.ts';
import { signInDocument } from '../documents.ts';
import { vendureSettings, type VendureSettings } from '../settings.ts';
import { throughFetch } from './through-fetch.ts';

const isSignIn = async (request: Request): Promise<boolean> => (await request.clone().text()).includes('WharfSignIn');

/** Whoever is refused signs in for himself, whatever others do at the same moment. */
export function eachForItself(connector: AnyConnector): AnyConnector {
  let own: string | null = null;
  return throughFetch(connector, async (inner, request, io) => {
    if (await isSignIn(request)) return inner(request);
    if (own !== null) request.headers.set('authorization', `Bearer ${own}`);
    const response = await inner(request.clone());
    if (!(await response.clone().text()).includes('FORBIDDEN')) return response;
    own = await signIn(inner, request.url, vendureSettings.parse(io.settings));
    request.headers.set('authorization', `Bearer ${own}`);
    return inner(request);
  });
}

async function signIn(inner: typeof globalThis.fetch, url: string, settings: VendureSettings): Promise<string> {
  const { username, password } = settings;
  const body = { operationName: 'WharfSignIn', query: signInDocument, variables: { username, password } };
  const headers = { 'content-type': 'application/json' };
  const response = await inner(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.headers.get('vendure-auth-token') ?? '';
}

/** Signs in once in its life. */
export function neverAgain(connector: AnyConnector): AnyConnector {
  let token: string | null = null;
  return throughFetch(connector, async (inner, request) => {
    if (!(await isSignIn(request))) return inner(request);
    if (token !== null) return new Response('{}', { headers: { 'vendure-auth-token': token } });
    const response = await inner(request);
    token = response.headers.get('vendure-auth-token');
    return response;
  });
}

/** A sign-in that failed is what it answers from then on. */
export function remembersFailure(connector: AnyConnector): AnyConnector {
  let failed: Response | null = null;
  return throughFetch(connector, async (inner, request) => {
    const isOpening = await isSignIn(request);
    if (isOpening && failed !== null) return failed.clone();
    const response = await inner(request);
    if (isOpening && !response.ok) failed = response.clone();
    return response;
  });
}
