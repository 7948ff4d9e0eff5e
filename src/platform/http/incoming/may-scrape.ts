import { createHash, timingSafeEqual } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { Fault } from '../../../kernel/index.ts';

export type ScrapeRule = {
  /** WHARF_METRICS_TOKEN; null when not set. */
  readonly token: string | null;
  /** Whether the server is meant to be reached from elsewhere, by a proxy on this machine for instance. */
  readonly isPublic: boolean;
};

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Who may read `/metrics`: with a token set, whoever sends it as bearer and nobody else; without one, programs on this
 * machine, as long as the server is not public. The token is no API token, so that a scrape works while the database is away.
 */
export function mayScrape(rule: ScrapeRule): MiddlewareHandler {
  return async (c, next) => {
    const isAllowed = rule.token === null ? !rule.isPublic && isFromHere(c) : hasToken(c, rule.token);
    if (!isAllowed) {
      throw new Fault('unauthenticated', 'metrics.token_needed', {
        message: 'set WHARF_METRICS_TOKEN and send it as bearer token',
      });
    }
    await next();
  };
}

function hasToken(c: Context, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

/** A connection of this machine that no proxy says it has passed on. */
function isFromHere(c: Context): boolean {
  if (forwarding.some((name) => c.req.header(name) !== undefined)) return false;
  return /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(remoteAddress(c));
}

function remoteAddress(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? '';
  } catch {
    return '';
  }
}
