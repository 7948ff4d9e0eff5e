import type { LaneRow } from '../platform/queue/index.ts';
import type { Board } from './board.ts';
import { Note, Panel, Tag, When, type Look } from './pieces.tsx';
import { laneWords } from './words/state-words.ts';
import type { Words } from './words/words.ts';

const errorLengthMax = 160;

export function LanesPanel({
  lanes,
  shopNames,
  look,
}: {
  lanes: Board['lanes'];
  shopNames: ReadonlyMap<string, string>;
  look: Look;
}) {
  const { words } = look;
  return (
    <Panel id="lanes" title={words.lanes}>
      {'lacks' in lanes ? (
        <Note>{words.scopeMissing(lanes.lacks)}</Note>
      ) : lanes.items.length === 0 ? (
        <Note>{words.none}</Note>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{words.lane}</th>
              <th scope="col">{words.state}</th>
              <th scope="col" class="number">
                {words.drained}
              </th>
            </tr>
          </thead>
          <tbody>
            {lanes.items.map((lane) => (
              <tr>
                <th scope="row" title={lane.name}>
                  {sayLane(lane.name, shopNames, words)}
                  {lane.lastError === null || lane.failures === 0 ? null : (
                    <small class="below bad-text" title={words.lastError}>
                      {lane.lastError.slice(0, errorLengthMax)}
                    </small>
                  )}
                </th>
                <td>
                  <LaneState lane={lane} look={look} />
                </td>
                <td class="number">
                  <When at={lane.drainedAt} look={look} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function LaneState({ lane, look }: { lane: LaneRow; look: Look }) {
  const { words } = look;
  if (lane.isPaused) return <Tag tone="warn">{words.lanePaused}</Tag>;
  if (lane.failures > 0) {
    return (
      <>
        <Tag tone="bad">{words.laneFailing(lane.failures)}</Tag>
        {lane.retryAt === null ? null : (
          <small class="below dim">
            {words.retryAt} <When at={lane.retryAt} look={look} />
          </small>
        )}
      </>
    );
  }
  return lane.isHeld ? <Tag tone="busy">{words.laneWorking}</Tag> : <Tag tone="plain">{words.laneIdle}</Tag>;
}

const shopPrefix = 'outbound:';

function sayLane(name: string, shopNames: ReadonlyMap<string, string>, words: Words): string {
  if (name.startsWith(shopPrefix)) {
    const shopId = name.slice(shopPrefix.length);
    return words.laneShop(shopNames.get(shopId) ?? shopId);
  }
  const word = laneWords[name];
  return word === undefined ? name : words[word];
}
