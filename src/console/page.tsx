import type { Child } from 'hono/jsx';
import type { Language } from '../platform/i18n/index.ts';
import type { Board } from './board.ts';
import { HealthPanel } from './health-panel.tsx';
import { LanesPanel } from './lanes-panel.tsx';
import { OrdersPanel } from './orders-panel.tsx';
import type { Look } from './pieces.tsx';
import { StockPanel } from './stock-panel.tsx';
import { stylesheetPath } from './stylesheet.ts';
import { dictionaries, otherThan } from './words/dictionaries.ts';

const refreshSeconds = 5;

export function BoardPage({ board, language }: { board: Board; language: Language }) {
  const words = dictionaries[language];
  const look: Look = { words, now: board.now };
  const shopNames = new Map('lacks' in board.shops ? [] : board.shops.items.map(({ shopId, name }) => [shopId, name]));
  return (
    <Document language={language} refreshes>
      <Figures board={board} look={look} />
      <main>
        <div class="wide">
          <OrdersPanel orders={board.orders} look={look} />
          <StockPanel stock={board.stock} unmapped={board.work?.listingsUnmapped ?? 0} look={look} />
        </div>
        <div class="narrow">
          <LanesPanel lanes={board.lanes} shopNames={shopNames} look={look} />
          <HealthPanel board={board} look={look} />
        </div>
      </main>
    </Document>
  );
}

/** Says how to sign in, and nothing of what is behind. */
export function SignInPage({ language, isRefused }: { language: Language; isRefused: boolean }) {
  const words = dictionaries[language];
  return (
    <Document language={language}>
      <main class="sign-in">
        <section class="panel">
          <h1>{words.signIn}</h1>
          {isRefused ? <p class="bad-text">{words.signInRefused}</p> : null}
          <p>{words.signInHow}</p>
          <pre>npm run wharf -- token create --name me --scope '*'</pre>
          <p>
            <a href="/">{words.signInAgain}</a>
          </p>
        </section>
      </main>
    </Document>
  );
}

function Figures({ board: { counts, exceptions }, look: { words } }: { board: Board; look: Look }) {
  if (counts === null) return null;
  const figures: [string, number][] = [
    [words.ordersOfDay, counts.orders],
    [words.heldOrders, counts.held],
    [words.openParcels, counts.parcels],
    ...('lacks' in exceptions ? [] : [[words.openExceptions, counts.exceptions] satisfies [string, number]]),
  ];
  return (
    <ul class="figures">
      {figures.map(([name, count]) => (
        <li>
          <b>{count}</b> {name}
        </li>
      ))}
    </ul>
  );
}

function Document({ language, refreshes, children }: { language: Language; refreshes?: boolean; children?: Child }) {
  const words = dictionaries[language];
  const other = otherThan(language);
  return (
    <html lang={words.languageTag}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {refreshes === true ? <meta http-equiv="refresh" content={String(refreshSeconds)} /> : null}
        <title>Wharf</title>
        <link rel="icon" href="/console.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={stylesheetPath} />
      </head>
      <body>
        <header>
          <a class="brand" href="/">
            Wharf
          </a>
          <a
            class="language"
            href={`/?lang=${other}`}
            lang={dictionaries[other].languageTag}
            hreflang={dictionaries[other].languageTag}
          >
            {words.otherLanguage}
          </a>
        </header>
        {children}
      </body>
    </html>
  );
}
