import { webhookCheckIntervalMs } from '../../config/defaults.ts';
import { advanceCursor, type Cursor, type LaneStep } from '../channels/index.ts';
import { onBehalf } from '../platform/db/index.ts';
import { callChannel } from './call-channel.ts';
import { beginPoll } from './poll-stream.ts';
import { inboundActor } from './actor.ts';

/**
 * Tells the channel where this hub takes webhooks: when the shop is new, when the hub's address has changed, and again now
 * and then, because channels drop subscriptions without a word (CASES 23). Without a public address the shop is polled only.
 */
export function registerWebhooks(publicOrigin: string | null): LaneStep {
  return async (deps, session, lease, signal) => {
    const { webhooks } = session.connector;
    const register = webhooks?.register?.bind(webhooks);
    if (publicOrigin === null || register === undefined) return { didWork: false };
    const { shopId, webhookKey } = session.shop;
    const url = `${publicOrigin}/hooks/${webhookKey}`;
    const begun = await beginPoll(deps, session, 'webhooks', true);
    if (begun === null || (registeredUrl(begun.cursor) === url && (begun.cursor?.dueAt ?? begun.now) > begun.now)) {
      return { didWork: false };
    }
    const answer = await callChannel(deps, session, lease, signal, (io) => register(io, url));
    await deps.database.transact({ actor: inboundActor }, async (ctx) => {
      await lease.guard(ctx);
      await advanceCursor(onBehalf(ctx, 'register_webhooks'), {
        shopId,
        stream: 'webhooks',
        fromVersion: begun.cursor?.version ?? 0,
        state: null,
        resume: answer.ok ? { url } : null,
        dueAt: new Date(ctx.now.getTime() + webhookCheckIntervalMs),
        startedAt: ctx.now,
        finishedAt: ctx.now,
      });
    });
    return { didWork: answer.ok };
  };
}

function registeredUrl(cursor: Cursor | null): string | null {
  const { resume } = cursor ?? {};
  return typeof resume === 'object' && resume !== null && 'url' in resume ? String(resume.url) : null;
}
