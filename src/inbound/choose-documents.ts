import { documentsPerTurn } from '../../config/defaults.ts';
import { compareAge } from '../fulfilment/index.ts';
import { takingTurns } from '../kernel/index.ts';
import type { OrderDocument } from '../orders/index.ts';
import type { ClaimedEvent, FinishedEvent } from './claim-events.ts';
import type { Translation } from './translate-document.ts';

export type Chosen = {
  readonly documents: readonly OrderDocument[];
  /** Events that bring no document: outdone by a newer one, or parked. */
  readonly finished: readonly FinishedEvent[];
};

/**
 * Of each order only the newest snapshot is translated. Where that one cannot be, it is parked and the next newest is
 * tried, so that an order is not lost because its last change carries a code we do not know.
 */
export async function chooseDocuments(
  events: readonly ClaimedEvent[],
  translate: (event: ClaimedEvent) => Translation,
): Promise<Chosen> {
  const documents = new Map<string, OrderDocument>();
  const finished: FinishedEvent[] = [];
  const turn = takingTurns(documentsPerTurn);
  for (const event of events.toSorted((a, b) => compareAge(b, a))) {
    if (documents.has(event.externalId)) {
      finished.push({ id: event.id, state: 'superseded', cause: null });
      continue;
    }
    await turn();
    const translation = translate(event);
    if (!translation.ok) {
      finished.push({ id: event.id, state: 'parked', cause: translation.cause });
      continue;
    }
    const { documentHash, sourceVersion, readStartedAt } = event;
    documents.set(event.externalId, {
      order: translation.order,
      inboxEventId: event.id,
      documentHash,
      sourceVersion,
      readStartedAt,
    });
  }
  return { documents: [...documents.values()], finished };
}
