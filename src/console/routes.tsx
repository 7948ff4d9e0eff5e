import { Hono, type Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { ShopDeps } from '../channels/index.ts';
import type { Actor } from '../platform/db/index.ts';
import type { AppEnv } from '../platform/http/index.ts';
import { chooseLanguage, languageOf, type Language } from '../platform/i18n/index.ts';
import { readBoard } from './board.ts';
import { BoardPage, SignInPage } from './page.tsx';
import { icon, stylesheet } from './stylesheet.ts';

export type ConsoleOptions = {
  readonly deps: Pick<ShopDeps, 'database' | 'clock'>;
  /** Who a token stands for; null when it is unknown, expired or revoked. */
  readonly authenticate: (token: string) => Promise<Actor | null>;
  /** Rings that wait in the queue: shown under health where given. */
  readonly countWaiting?: () => Promise<number>;
};

const tokenCookie = 'wharf_token';
const languageCookie = 'wharf_lang';
const yearSeconds = 31_536_000;

/** Only what the page needs beyond nothing: its own stylesheet and icon. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The console: one page that needs no script, its stylesheet and its icon. Mounted at `/`. */
export function consoleRoutes({ deps, authenticate, countWaiting }: ConsoleOptions): Hono<AppEnv> {
  const readDeps = { database: deps.database, ...(countWaiting === undefined ? {} : { countWaiting }) };
  return new Hono<AppEnv>()
    .get('/', async (c) => {
      const language = keepLanguage(c);
      const given = c.req.query('token');
      const token = given ?? getCookie(c, tokenCookie);
      const actor = token === undefined ? null : await authenticate(token);
      if (token === undefined || actor === null) return signIn(c, language, token !== undefined);
      if (given !== undefined) {
        setCookie(c, tokenCookie, given, { httpOnly: true, sameSite: 'Strict', path: '/', secure: isSecure(c) });
        return c.redirect('/', 303);
      }
      const board = await readBoard(readDeps, actor, deps.clock.now());
      c.header('Content-Security-Policy', contentSecurityPolicy);
      return c.html(html`<!doctype html>${<BoardPage board={board} language={language} />}`);
    })
    .get('/console.css', (c) => {
      c.header('Cache-Control', `public, max-age=${yearSeconds}, immutable`);
      return c.body(stylesheet, 200, { 'Content-Type': 'text/css; charset=utf-8' });
    })
    .get('/console.svg', (c) => {
      c.header('Cache-Control', 'public, max-age=86400');
      return c.body(icon, 200, { 'Content-Type': 'image/svg+xml' });
    });
}

function signIn(c: Context<AppEnv>, language: Language, isRefused: boolean): Response | Promise<Response> {
  c.header('Content-Security-Policy', contentSecurityPolicy);
  return c.html(html`<!doctype html>${<SignInPage language={language} isRefused={isRefused} />}`, 401);
}

/** A language asked for is kept. */
function keepLanguage(c: Context<AppEnv>): Language {
  const asked = c.req.query('lang');
  const language = chooseLanguage({
    asked,
    kept: getCookie(c, languageCookie),
    accepted: c.req.header('accept-language'),
  });
  if (languageOf(asked) !== null) {
    setCookie(c, languageCookie, language, { sameSite: 'Lax', path: '/', maxAge: yearSeconds, secure: isSecure(c) });
  }
  return language;
}

function isSecure(c: Context<AppEnv>): boolean {
  return new URL(c.req.url).protocol === 'https:';
}
