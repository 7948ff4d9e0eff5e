import type { ExceptionRow } from '../platform/exceptions/index.ts';
import type { Board } from './board.ts';
import { Note, Panel, Tag, When, type Look } from './pieces.tsx';
import { countMax, type BoardShop } from './queries.ts';
import { shopWords } from './words/state-words.ts';

export function HealthPanel({ board, look }: { board: Board; look: Look }) {
  const { shops, work, exceptions } = board;
  const { words } = look;
  return (
    <Panel id="health" title={words.health}>
      {work === null ? null : <Work work={work} look={look} />}
      {'lacks' in shops ? (
        <Note>{words.scopeMissing(shops.lacks)}</Note>
      ) : shops.items.length === 0 ? (
        <Note>{words.notConnected}</Note>
      ) : (
        shops.items.map((shop) => <Shop shop={shop} look={look} />)
      )}
      <h3>{words.exceptions}</h3>
      {'lacks' in exceptions ? (
        <Note>{words.scopeMissing(exceptions.lacks)}</Note>
      ) : exceptions.items.length === 0 ? (
        <Note>{words.noExceptions}</Note>
      ) : (
        <ul class="exceptions">
          {exceptions.items.map((exception) => (
            <Exception exception={exception} look={look} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Work({ work, look }: { work: NonNullable<Board['work']>; look: Look }) {
  const { words } = look;
  const facts: [string, number][] = [
    [words.inboxBacklog, work.inboxPending],
    [words.inboxParked, work.inboxParked],
    [words.dueDemand, work.dueDemand],
    [words.dueTold, work.listingsToTell],
    [words.dueParcels, work.dueParcels],
    [words.dueRequests, work.dueRequests],
    ...(work.waitingRings === null ? [] : [[words.waitingRings, work.waitingRings] satisfies [string, number]]),
  ];
  return (
    <dl class="facts">
      {facts.map(([name, count]) => (
        <div>
          <dt>{name}</dt>
          <dd class={count === 0 ? 'number dim' : 'number'}>{count >= countMax ? `≥ ${countMax}` : count}</dd>
        </div>
      ))}
      {work.inboxOldestAt === null ? null : (
        <div>
          <dt>
            {words.inboxBacklog} · {words.inboxOldest}
          </dt>
          <dd class="number">
            <When at={work.inboxOldestAt} look={look} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Shop({ shop, look }: { shop: BoardShop; look: Look }) {
  const { words, now } = look;
  const isWaiting = shop.pausedUntil !== null && shop.pausedUntil > now;
  return (
    <article class="shop">
      <h3>
        {shop.name} <small class="dim">{shop.channel}</small>{' '}
        <Tag tone={shop.state === 'active' ? 'good' : 'warn'}>{words[shopWords[shop.state]]}</Tag>
        {shop.pushesStock ? null : <Tag tone="warn">{words.pushOff}</Tag>}
      </h3>
      <dl class="facts">
        {(
          [
            [words.lastCall, shop.lastCallAt],
            [words.lastOrder, shop.lastOrderAt],
            [words.lastStock, shop.lastStockAt],
            [words.lastTracking, shop.lastTrackingAt],
            ...(isWaiting ? [[words.pausedUntil, shop.pausedUntil] satisfies [string, Date | null]] : []),
          ] satisfies [string, Date | null][]
        ).map(([name, at]) => (
          <div>
            <dt>{name}</dt>
            <dd class="number">
              <When at={at} look={look} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{words.failures}</dt>
          <dd class={shop.failures === 0 ? 'number dim' : 'number bad-text'}>{shop.failures}</dd>
        </div>
      </dl>
      {shop.failures === 0 || shop.lastFault === null ? null : (
        <p class="note bad-text">
          {shop.lastFault} · <When at={shop.lastFaultAt} look={look} />
        </p>
      )}
    </article>
  );
}

function Exception({ exception, look }: { exception: ExceptionRow; look: Look }) {
  return (
    <li>
      <span>
        <Tag tone="bad">{exception.kind}</Tag>{' '}
        <small class="dim">
          <When at={exception.openedAt} look={look} />
          {exception.seenCount > 1 ? ` · ${look.words.exceptionSeen(exception.seenCount)}` : null}
        </small>
      </span>
      <span class="below">{exception.nextStep}</span>
    </li>
  );
}
