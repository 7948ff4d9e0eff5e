import { requestJson, type ConnectorIo, type RenewalCapability } from '../../src/connector-kit/index.ts';
import { parseWire, signedUrl } from './client.ts';
import type { MaskedSettings } from './settings.ts';
import { wireTokens } from './wire.ts';

/** Well before the end of four hours, and long enough for several attempts. */
const beforeEndMs = 30 * 60_000;

/** The refresh token is good once; asked again with it before its successor was used, the shop gives the same pair again. */
export const renewal: RenewalCapability<MaskedSettings> = {
  dueAt: ({ tokenExpiresAt }) => new Date(Date.parse(tokenExpiresAt) - beforeEndMs),
  renew,
};

async function renew(io: ConnectorIo<MaskedSettings>): Promise<MaskedSettings> {
  const { settings } = io;
  const call = {
    method: 'POST',
    url: new URL('/api/oauth/token', settings.baseUrl).href,
    intent: 'write',
    body: { refresh_token: settings.refreshToken },
  } as const;
  const { json } = await requestJson(io, { ...call, url: signedUrl(settings, call, io.now, null) });
  const tokens = parseWire(wireTokens, json);
  return {
    ...settings,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    tokenExpiresAt: tokens.expires_at,
  };
}
