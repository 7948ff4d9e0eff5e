import { sql, type SQL } from 'drizzle-orm';
import type { InboxEventId, ShopId } from '../kernel/index.ts';
import { list, rows, type AnyDb } from '../platform/db/index.ts';

/** `done` is what was applied, or outdone by a newer document. */
export const replayStates = ['parked', 'done', 'any'] as const;
export type ReplayState = (typeof replayStates)[number];

/** Null: whatever it is. */
export type ReplayFilter = {
  readonly shopId: ShopId | null;
  readonly eventIds: readonly InboxEventId[] | null;
  readonly state: ReplayState;
  /** `cause.code`, as the list of parked messages shows it. */
  readonly causeCode: string | null;
  readonly topic: string | null;
  readonly externalId: string | null;
  /** Received at or after, and before. */
  readonly since: Date | null;
  readonly until: Date | null;
  readonly limit: number;
};

export const everything: ReplayFilter = {
  shopId: null,
  eventIds: null,
  state: 'parked',
  causeCode: null,
  topic: null,
  externalId: null,
  since: null,
  until: null,
  limit: 1_000,
};

/**
 * `ready`: its bytes are there. `body_gone`: retention or erasure has deleted them. `no_document`: a notice or a message that
 * nobody could read, which brings no order. `waiting`: it is still to be applied for the first time.
 */
export type ReplayMeans = 'ready' | 'body_gone' | 'no_document' | 'waiting';

export type Replayable = {
  readonly eventId: InboxEventId;
  readonly shopId: ShopId;
  readonly state: 'pending' | 'applied' | 'superseded' | 'parked';
  readonly topic: string;
  readonly externalId: string | null;
  readonly receivedAt: Date;
  readonly means: ReplayMeans;
};

/** What a replay would look at, oldest first. Reads no body. */
export function findReplayable(db: AnyDb, filter: ReplayFilter): Promise<Replayable[]> {
  return rows<Replayable>(
    db,
    sql`select e.id as "eventId", e.shop_id as "shopId", e.state, e.topic, e.external_id as "externalId",
               e.received_at as "receivedAt",
               case when e.topic <> 'order' or e.external_id is null then 'no_document'
                    when e.state = 'pending' then 'waiting'
                    when not exists (select from inbox_bodies b where b.inbox_event_id = e.id) then 'body_gone'
                    else 'ready' end as means
        from inbox_events e
        where ${sql.join(conditions(filter), sql` and `)}
        order by e.received_at, e.id limit ${filter.limit}`,
  );
}

function conditions(filter: ReplayFilter): SQL[] {
  const { shopId, eventIds, causeCode, topic, externalId, since, until } = filter;
  return [
    inState(filter),
    ...(shopId === null ? [] : [sql`e.shop_id = ${shopId}`]),
    ...(eventIds === null ? [] : [sql`e.id = any(${list('uuid', eventIds)})`]),
    ...(causeCode === null ? [] : [sql`e.cause->>'code' = ${causeCode}`]),
    ...(topic === null ? [] : [sql`e.topic = ${topic}`]),
    ...(externalId === null ? [] : [sql`e.external_id = ${externalId}`]),
    ...(since === null ? [] : [sql`e.received_at >= ${since}`]),
    ...(until === null ? [] : [sql`e.received_at < ${until}`]),
  ];
}

function inState({ state }: ReplayFilter): SQL {
  switch (state) {
    case 'parked':
      return sql`e.state = 'parked'`;
    case 'done':
      return sql`e.state in ('applied', 'superseded')`;
    case 'any':
      return sql`true`;
  }
}

export type EventEnd = {
  readonly eventId: InboxEventId;
  readonly outcome: Replayable['state'];
  readonly cause: Readonly<Record<string, unknown>> | null;
};

/** Where messages stand now. */
export function getInboxEvents(db: AnyDb, eventIds: readonly InboxEventId[]): Promise<EventEnd[]> {
  return rows<EventEnd>(
    db,
    sql`select id as "eventId", state as outcome, cause from inbox_events where id = any(${list('uuid', eventIds)}) order by id`,
  );
}
