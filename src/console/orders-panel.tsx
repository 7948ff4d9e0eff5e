import { fulfilmentWords, holdWords, paymentWords, sayReasons, shipmentWords } from '../explain/index.ts';
import { moneyToDecimal } from '../kernel/index.ts';
import type { Board } from './board.ts';
import { Note, Panel, Tag, When, type Look, type Tone } from './pieces.tsx';
import type { BoardOrder } from './queries.ts';

export function OrdersPanel({ orders, look }: { orders: Board['orders']; look: Look }) {
  const { words } = look;
  if ('lacks' in orders) {
    return (
      <Panel id="orders" title={words.orders}>
        <Note>{words.scopeMissing(orders.lacks)}</Note>
      </Panel>
    );
  }
  const { items, why } = orders;
  return (
    <Panel id="orders" title={words.orders}>
      {why === null ? null : (
        <p class="why">
          <strong>{words.why(why.number)}</strong> {sayReasons(why.reasons, words)}
        </p>
      )}
      {items.length === 0 ? (
        <Note>{words.none}</Note>
      ) : (
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">{words.order}</th>
              <th scope="col">{words.shop}</th>
              <th scope="col">{words.placed}</th>
              <th scope="col">{words.receiver}</th>
              <th scope="col" class="number">
                {words.total}
              </th>
              <th scope="col">{words.state}</th>
              <th scope="col">{words.holds}</th>
              <th scope="col">{words.parcels}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((order) => (
              <OrderRow order={order} look={look} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function OrderRow({ order, look }: { order: BoardOrder; look: Look }) {
  const { words } = look;
  const { receiver, currency } = order;
  return (
    <tr class={order.cancelledAt === null ? '' : 'gone'}>
      <th scope="row" data-label={words.order}>
        <span class="number">
          {order.number} <small class="dim">{order.externalNumber}</small>
        </span>
      </th>
      <td data-label={words.shop}>
        <span class="cut" title={order.shopName}>
          {order.shopName}
        </span>
      </td>
      <td data-label={words.placed}>
        <When at={order.placedAt} look={look} />
      </td>
      <td data-label={words.receiver}>{receiver === null ? null : <span class="cut">{sayPlace(receiver)}</span>}</td>
      <td data-label={words.total} class="number">
        <span>
          {moneyToDecimal({ minor: order.totalMinor, currency })} <small class="dim">{currency}</small>
          {order.refundedMinor === 0 ? null : (
            <small class="dim below">{words.refunded(moneyToDecimal({ minor: order.refundedMinor, currency }))}</small>
          )}
        </span>
      </td>
      <td data-label={words.state}>
        <span class="tags">
          <States order={order} look={look} />
        </span>
      </td>
      <td data-label={words.holds}>
        <span class="tags">
          {order.holds.map((kind) => (
            <Tag tone="warn">{words[holdWords[kind]]}</Tag>
          ))}
        </span>
      </td>
      <td data-label={words.parcels}>
        <span class="tags">
          {order.parcels.map(({ number, state, warehouse }) => (
            <Tag tone={parcelTone(state)} title={`#${number}`}>
              {warehouse} {words[shipmentWords[state]]}
            </Tag>
          ))}
        </span>
      </td>
    </tr>
  );
}

function sayPlace({ name, city, countryCode }: NonNullable<BoardOrder['receiver']>): string {
  return [name, [city, countryCode].filter(Boolean).join(' ')].filter(Boolean).join(' · ');
}

function States({ order, look: { words } }: { order: BoardOrder; look: Look }) {
  if (order.isSuperseded) return <Tag tone="plain">{words.superseded}</Tag>;
  if (order.cancelledAt !== null) return <Tag tone="plain">{words.cancelled}</Tag>;
  return (
    <>
      <Tag tone={order.paymentState === 'paid' ? 'good' : 'warn'}>{words[paymentWords[order.paymentState]]}</Tag>
      <Tag tone={fulfilmentTones[order.fulfilmentState]}>{words[fulfilmentWords[order.fulfilmentState]]}</Tag>
    </>
  );
}

const fulfilmentTones: Readonly<Record<BoardOrder['fulfilmentState'], Tone>> = {
  open: 'plain',
  partly_shipped: 'busy',
  shipped: 'good',
};

function parcelTone(state: BoardOrder['parcels'][number]['state']): Tone {
  if (state === 'shipped') return 'good';
  return state === 'cancelled' ? 'plain' : 'busy';
}
