import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { soldOrder } from '../../test/support/factories/channel-order.ts';
import type { InboxEventId } from '../kernel/index.ts';
import { chooseDocuments } from './choose-documents.ts';
import type { ClaimedEvent } from './claim-events.ts';
import type { Translation } from './translate-document.ts';

function event(id: string, externalId: string, atMs: number): ClaimedEvent {
  return {
    id: id as InboxEventId,
    externalId,
    documentHash: Buffer.from(id),
    sourceVersion: null,
    readStartedAt: new Date(atMs),
    ciphertext: null,
  };
}

const translate = ({ externalId, id }: ClaimedEvent): Translation =>
  id.startsWith('bad') ? { ok: false, cause: { code: 'bad' } } : { ok: true, order: soldOrder(externalId) };

describe('choosing documents', () => {
  it('takes the newest of each order, whatever came first', async () => {
    const chosen = await chooseDocuments([event('3', 'a', 3), event('1', 'a', 1), event('2', 'b', 2)], translate);
    expect(new Set(chosen.documents.map((document) => document.inboxEventId))).toEqual(new Set(['2', '3']));
    expect(chosen.finished).toEqual([{ id: '1', state: 'superseded', cause: null }]);
  });

  it('takes the next newest where the newest cannot be read', async () => {
    const chosen = await chooseDocuments([event('bad', 'a', 9), event('2', 'a', 2), event('1', 'a', 1)], translate);
    expect(chosen.documents.map((document) => document.inboxEventId)).toEqual(['2']);
    expect(chosen.finished.map(({ id, state }) => [id, state])).toEqual([
      ['bad', 'parked'],
      ['1', 'superseded'],
    ]);
  });

  it('finishes or applies every event exactly once', async () => {
    const events = fc.array(fc.tuple(fc.boolean(), fc.constantFrom('a', 'b', 'c'), fc.nat(5)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(events, async (rows) => {
        const claimed = rows.map(([isBad, externalId, atMs], index) =>
          event(`${isBad ? 'bad' : 'ok'}-${index}`, externalId, atMs),
        );
        const { documents, finished } = await chooseDocuments(claimed, translate);
        const seen = [...documents.map((document) => document.inboxEventId), ...finished.map(({ id }) => id)];
        expect(seen).toHaveLength(claimed.length);
        expect(new Set(seen)).toEqual(new Set(claimed.map(({ id }) => id)));
        expect(new Set(documents.map(({ order }) => order.externalId)).size).toBe(documents.length);
      }),
    );
  });
});
