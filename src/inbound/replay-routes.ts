import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { openShop, type ShopDeps } from '../channels/index.ts';
import { groupBy, parseId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { bodyOf, jsonOf, mutate, newRouter, problems, scope, type AppEnv } from '../platform/http/index.ts';
import { findReplayable, replayStates, type Replayable, type ReplayFilter } from './find-replayable.ts';
import { replayInbox } from './replay-inbox.ts';
import { translateAgain, translatedAgainMax, type ReplayOutcome } from './translate-again.ts';

const replayBody = z
  .object({
    shopId: z.uuid().nullable().default(null),
    eventIds: z.array(z.uuid()).max(1_000).nullable().default(null),
    state: z
      .enum(replayStates)
      .nullable()
      .default(null)
      .openapi({
        description: `parked: send through again. done: translate again what was applied, ${translatedAgainMax} messages a request. Null: any with \`eventIds\`, else parked`,
      }),
    causeCode: z.string().max(100).nullable().default(null).openapi({ description: '`cause.code` of parked messages' }),
    topic: z.string().max(50).nullable().default(null),
    externalId: z.string().max(200).nullable().default(null).openapi({ description: 'Of the order on its channel' }),
    since: z.iso.datetime({ offset: true }).nullable().default(null).openapi({ description: 'Received at or after' }),
    until: z.iso.datetime({ offset: true }).nullable().default(null).openapi({ description: 'Received before' }),
    limit: z.number().int().min(1).max(10_000).default(1_000),
    dryRun: z.boolean().default(false).openapi({ description: 'Only count' }),
  })
  .openapi('InboxReplay', { example: { state: 'parked', causeCode: 'channel.unknown_code', dryRun: true } });

const replayAnswer = z
  .object({
    matched: z.number().int(),
    replayed: z.number().int().openapi({ description: 'Parked messages that are pending again' }),
    bodiesGone: z.array(z.string()).openapi({ description: 'Messages whose bytes retention has deleted' }),
    withoutDocument: z.number().int(),
    outcomes: z.array(
      z.object({
        eventId: z.string(),
        outcome: z.enum(['changed', 'unchanged', 'older', 'body_gone', 'failed']),
        cause: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
  })
  .openapi('InboxReplayed');

type Answer = z.infer<typeof replayAnswer>;

/** Sending messages through again: parked ones, and, after a connector was corrected, applied ones. */
export function replayRoutes(deps: ShopDeps): OpenAPIHono<AppEnv> {
  return newRouter().openapi(
    createRoute({
      method: 'post',
      path: '/inbox/replay',
      tags: ['inbox'],
      summary: 'Send parked messages through again, or translate applied ones again',
      ...scope('orders:write'),
      request: { body: bodyOf(replayBody) },
      responses: { 200: jsonOf(replayAnswer), ...problems },
    }),
    async (c) => {
      const { dryRun, ...body } = c.req.valid('json');
      const filter: ReplayFilter = {
        ...body,
        state: body.state ?? (body.eventIds === null ? 'parked' : 'any'),
        shopId: body.shopId === null ? null : parseId<'shop'>(body.shopId, 'shopId'),
        eventIds: body.eventIds?.map((id, index) => parseId<'inbox_event'>(id, `eventIds.${index}`)) ?? null,
        since: body.since === null ? null : new Date(body.since),
        until: body.until === null ? null : new Date(body.until),
      };
      if (!dryRun) return c.json(await mutate(c, (ctx) => replay(ctx, deps, filter)), 200);
      const found = await c.get('database').read((db) => findReplayable(db, filter));
      return c.json(answerOf(found, 0, []), 200);
    },
  );
}

async function replay(ctx: Ctx, deps: ShopDeps, filter: ReplayFilter): Promise<Answer> {
  const found = await findReplayable(ctx.tx, filter);
  const parked = found.filter(({ state }) => state === 'parked');
  const done = found.filter(({ state, means }) => state !== 'parked' && means === 'ready').slice(0, translatedAgainMax);
  const { replayed } =
    parked.length === 0
      ? { replayed: 0 }
      : await replayInbox(ctx, { ...filter, eventIds: parked.map(({ eventId }) => eventId) });
  const outcomes: ReplayOutcome[] = [];
  for (const [shopId, events] of groupBy(done, ({ shopId: of }) => of)) {
    const session = await openShop(ctx.tx, deps, shopId);
    const ids = events.map(({ eventId }) => eventId);
    outcomes.push(...(await translateAgain(ctx, deps, session, ids)));
  }
  return answerOf(found, replayed, outcomes);
}

function answerOf(found: readonly Replayable[], replayed: number, outcomes: readonly ReplayOutcome[]): Answer {
  return {
    matched: found.length,
    replayed,
    bodiesGone: found.filter(({ means }) => means === 'body_gone').map(({ eventId }) => eventId),
    withoutDocument: found.filter(({ means }) => means === 'no_document').length,
    outcomes: outcomes.map(({ cause, ...outcome }) => ({ ...outcome, cause: cause === null ? null : { ...cause } })),
  };
}
