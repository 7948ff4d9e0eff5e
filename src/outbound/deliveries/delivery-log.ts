import { sql } from 'drizzle-orm';
import type { ConnectorIo, DeliveryAttempt } from '../../connector-kit/index.ts';
import { newId, type ShopId } from '../../kernel/index.ts';
import { rows, unnest, type ColumnTypes, type Ctx } from '../../platform/db/index.ts';
import { withoutPersonalData } from './without-personal-data.ts';

export type DeliverySubject = {
  readonly kind: 'listings' | 'announcement' | 'channel_request';
  readonly ids: readonly string[];
};

/** The attempts of one call to a connector: taken down while it runs, written with its outcome. */
export type DeliveryLog = {
  readonly io: ConnectorIo<unknown>;
  /** `nextAt`: when the message is tried again; null when it is not. */
  write(ctx: Ctx, about: { shopId: ShopId; subject: DeliverySubject; nextAt: Date | null }): Promise<void>;
};

const attemptColumns = {
  id: 'uuid',
  messageId: 'text',
  type: 'text',
  durationMs: 'int4',
  status: 'int4',
  excerpt: 'text',
  error: 'text',
} as const satisfies ColumnTypes;

const excerptLengthMax = 300;

export function openDeliveryLog(io: ConnectorIo<unknown>): DeliveryLog {
  const attempts: DeliveryAttempt[] = [];
  return {
    io: { ...io, noteDelivery: (attempt) => void attempts.push(attempt) },
    async write(ctx, { shopId, subject, nextAt }) {
      if (attempts.length === 0) return;
      const noted = attempts.map(({ excerpt, ...attempt }) => ({
        ...attempt,
        id: newId<'delivery_attempt'>(ctx.now.getTime()),
        excerpt: excerpt === null ? null : withoutPersonalData(excerpt, excerptLengthMax),
      }));
      await rows(
        ctx.tx,
        sql`insert into delivery_attempts (id, shop_id, message_id, type, subject_kind, subjects, attempt, at, duration_ms,
                                           status, excerpt, error, next_at)
            select t.id, ${shopId}, t.message_id, t.type, ${subject.kind}, ${JSON.stringify(subject.ids)}::jsonb,
                   1 + coalesce((select max(d.attempt) from delivery_attempts d
                                 where d.shop_id = ${shopId} and d.message_id = t.message_id), 0),
                   ${ctx.now}, t.duration_ms, t.status, t.excerpt, t.error, ${nextAt}
            from ${unnest(attemptColumns, noted)}`,
      );
    },
  };
}
