import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { AppEnv } from '../platform/http/index.ts';

const packageFolder = (): string => dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const yearSeconds = 31_536_000;

type Asset = { readonly path: string; readonly body: string; readonly type: string };

const script = 'text/javascript; charset=utf-8';
const stylesheet = 'text/css; charset=utf-8';

/** A source map is not served, so its name is taken out: a browser would ask for it. */
function asset(name: string, type: string, text: string): Asset {
  const body = text.replaceAll(/^(\/\/|\/\*)# sourceMappingURL=.*$/gm, '');
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { path: `/docs/${hash}/${name}`, body, type };
}

const ours = (name: string): string => readFileSync(join(import.meta.dirname, 'docs', name), 'utf8');

type Assets = Readonly<Record<'styles' | 'look' | 'bundle' | 'start', Asset>>;

/** Read when an app is made, so that no command pays for 1.9 MB that it does not serve. */
function readAssets(): Assets {
  const folder = packageFolder();
  const theirs = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    styles: asset('swagger-ui.css', stylesheet, theirs('swagger-ui.css')),
    look: asset('docs.css', stylesheet, ours('docs.css')),
    bundle: asset('swagger-ui-bundle.js', script, theirs('swagger-ui-bundle.js')),
    start: asset('start.js', script, ours('start.js')),
  };
}

/** Nothing but this origin, no inline script, no eval. Its icons are data URLs in its stylesheet. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The API reference: Swagger UI from npm, served from here and showing `/openapi.json`. Its files carry the hash of their
 * content in their path and may be kept for ever; the page itself is asked for each time.
 */
export function docsRoutes(): Hono<AppEnv> {
  const assets = readAssets();
  const page = pageWith(assets);
  const routes = new Hono<AppEnv>().get('/docs', (c) => {
    c.header('Content-Security-Policy', contentSecurityPolicy);
    c.header('Cache-Control', 'no-cache');
    return c.html(page);
  });
  for (const { path, body, type } of Object.values(assets)) {
    routes.get(path, (c) => {
      c.header('Cache-Control', `public, max-age=${yearSeconds}, immutable`);
      return c.body(body, 200, { 'Content-Type': type });
    });
  }
  return routes;
}

const pageWith = (assets: Assets) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Wharf API</title>
        <link rel="icon" href="/console.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets.styles.path}" />
        <link rel="stylesheet" href="${assets.look.path}" />
      </head>
      <body>
        <header class="wharf-bar">
          <a href="/"><img src="/console.svg" alt="" width="28" height="28" /> Wharf</a>
          <a href="/openapi.json">openapi.json</a>
        </header>
        <main id="reference"></main>
        <noscript>The reference needs JavaScript; <a href="/openapi.json">openapi.json</a> says the same.</noscript>
        <script src="${assets.bundle.path}" defer></script>
        <script src="${assets.start.path}" defer></script>
      </body>
    </html>`;
