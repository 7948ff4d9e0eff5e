import type { WarehouseItem } from '../stock/index.ts';
import type { Board } from './board.ts';
import { Note, Panel, Tag, type Look } from './pieces.tsx';
import type { BoardStock } from './queries.ts';

const warehousesShownMax = 6;

export function StockPanel({ stock, unmapped, look }: { stock: Board['stock']; unmapped: number; look: Look }) {
  const { words } = look;
  if ('lacks' in stock) {
    return (
      <Panel id="stock" title={words.stock}>
        <Note>{words.scopeMissing(stock.lacks)}</Note>
      </Panel>
    );
  }
  const warehouses = stock.warehouses.slice(0, warehousesShownMax);
  return (
    <Panel id="stock" title={words.stock}>
      {unmapped === 0 ? null : <p class="why">{words.unmappedListings(unmapped)}</p>}
      {stock.items.length === 0 ? (
        <Note>{words.none}</Note>
      ) : (
        <div class="scroll" tabindex={0} role="region" aria-labelledby="stock-title">
          <table class="matrix">
            <thead>
              <tr>
                <th scope="col" rowspan={2}>
                  {words.sku}
                </th>
                {warehouses.map(({ code, name }) => (
                  <th scope="colgroup" colspan={3} class="group" title={name}>
                    {code}
                  </th>
                ))}
                <th scope="col" rowspan={2} class="number" title={words.waitingHint}>
                  {words.waiting}
                </th>
                <th scope="col" rowspan={2} class="told">
                  {words.toldShops}
                </th>
              </tr>
              <tr>
                {warehouses.map(() => (
                  <>
                    <th scope="col" class="number edge">
                      {words.onHand}
                    </th>
                    <th scope="col" class="number">
                      {words.reserved}
                    </th>
                    <th scope="col" class="number">
                      {words.free}
                    </th>
                  </>
                ))}
              </tr>
            </thead>
            <tbody>
              {stock.items.map((item) => (
                <StockRow item={item} warehouses={warehouses} look={look} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {stock.hasMore ? <Note>{words.moreRows(stock.items.length)}</Note> : null}
    </Panel>
  );
}

function StockRow({ item, warehouses, look }: { item: BoardStock; warehouses: readonly WarehouseItem[]; look: Look }) {
  const { words } = look;
  const levels = new Map(item.levels.map((level) => [level.warehouseId, level]));
  return (
    <tr>
      <th scope="row" title={item.title}>
        {item.code} <small class="dim below">{item.title}</small>
      </th>
      {warehouses.map(({ warehouseId }) => {
        const { onHand, reserved } = levels.get(warehouseId) ?? { onHand: 0, reserved: 0 };
        return (
          <>
            <td class="number edge">{onHand}</td>
            <td class={reserved === 0 ? 'number dim' : 'number'}>{reserved}</td>
            <td class={onHand - reserved === 0 ? 'number empty' : 'number strong'}>{onHand - reserved}</td>
          </>
        );
      })}
      <td class={item.demand === 0 ? 'number dim edge' : 'number short edge'}>{item.demand}</td>
      <td class="told">
        <span class="tags">
          {item.told.map((told) => (
            <Told told={told} look={look} />
          ))}
          {item.told.length === 0 ? <span class="dim">{words.toldNever}</span> : null}
        </span>
      </td>
    </tr>
  );
}

function Told({ told, look: { words } }: { told: BoardStock['told'][number]; look: Look }) {
  const notes = [
    ...(told.failures > 0 ? [words.toldFailing(told.failures)] : []),
    ...(told.isPending ? [words.toldPending] : []),
    ...(told.seen === null ? [] : [words.toldSeen(told.seen)]),
  ];
  const units = told.units === null ? words.toldNever : String(told.units);
  const tone = told.failures > 0 ? 'bad' : told.isPending ? 'busy' : 'good';
  return (
    <Tag tone={tone} title={notes.join(words.listComma)}>
      {words.told(told.shopName, units)}
      {told.isPending ? ' …' : null}
    </Tag>
  );
}
