import type { WebhookRequest } from '../../../src/connector-kit/index.ts';
import type { FaultKind } from '../faults.ts';
import type { Letter } from '../post.ts';
import type { Action, Run } from '../run.ts';
import { bootServer, hubOrigin, type Server } from '../staff.ts';
import type { SimShop } from '../world.ts';

/** A server has so many webhooks in hand. */
const atOnceMax = 4;

/** Storefronts send what they have to tell by now. */
export async function sendWebhooks(run: Run): Promise<void> {
  for (const { sandbox } of run.shops) for (const due of sandbox.webhooks.due()) void sandbox.webhooks.deliver(due);
  await run.machine.quiet();
}

/** A webhook on its way arrives, late, twice, forged or never. Any of those on their way may be the next. */
export const deliver: Action = async (run) => {
  const { post, faults, chance } = run;
  await sendWebhooks(run);
  if (post.letters.length === 0) return 'no webhook is on its way';
  const index = chance.int(post.letters.length);
  const letter = post.letters[index];
  if (letter === undefined) return 'no webhook is on its way';
  if (index > 0) faults.count('webhook.late');
  const name = `webhook ${letter.number}`;
  const kind = faults.oneOf({
    'webhook.lost': 0.1,
    'webhook.forged': 0.14,
    'webhook.doubled': 0.15,
    'webhook.answer_lost': 0.12,
  });
  if (kind !== 'webhook.doubled' && kind !== 'webhook.forged') post.letters.splice(index, 1);
  if (kind === 'webhook.lost') {
    if (chance.is(0.5)) letter.lose();
    else letter.answer(200);
    return `${name} is lost`;
  }
  const server = chance.pick(run.servers.filter(({ letters }) => letters.size < atOnceMax));
  if (server === null) {
    letter.answer(503);
    return `${name}: the servers are busy`;
  }
  return `${name} ${kind ?? ''}: ${await receive(run, server, letter, kind)}`;
};

/** A server that stands at a door goes on. */
export const serve: Action = async (run) => {
  const server = run.chance.pick(run.servers.filter(({ process }) => process.waiting.length > 0));
  if (server === null) return deliver(run);
  return `${server.process.name} ${await goOn(run, server)}`;
};

/** It stops where it stands; the channel never hears. */
export const killServer: Action = async (run) => {
  const { chance, faults, servers } = run;
  const server = chance.pick(servers.filter(({ letters }) => letters.size > 0));
  if (server === null || !faults.strikes('process.killed', 0.5)) return 'no server is killed';
  server.process.state = 'dead';
  server.process.waiting.length = 0;
  for (const letter of server.letters) letter.lose();
  run.booted += 1;
  servers[servers.indexOf(server)] = bootServer(run.ground, `server ${run.booted}`);
  return `${server.process.name} is killed`;
};

/** In peace: to the end, without a fault. */
export async function deliverNow(run: Run, letter: Letter): Promise<void> {
  const server = run.servers.find(({ process }) => process.tasks.size === 0);
  if (server === undefined) throw new Error('no server is free');
  await start(run, server, letter, null);
  while (server.process.waiting.length > 0) await server.process.resume(0);
}

async function receive(run: Run, server: Server, letter: Letter, kind: FaultKind | null): Promise<string> {
  await start(run, server, letter, kind);
  return goOn(run, server);
}

function start(run: Run, server: Server, letter: Letter, kind: FaultKind | null): Promise<void> {
  server.letters.add(letter);
  server.process.start(`webhook ${letter.number}`, () => take(run, server, letter, kind));
  return run.machine.quiet();
}

/** Mostly to the end; now and then it stops at a door. */
async function goOn(run: Run, { process }: Server): Promise<string> {
  const doors = run.chance.is(0.8) ? Number.POSITIVE_INFINITY : 1 + run.chance.int(3);
  for (let door = 0; door < doors && process.waiting.length > 0; door += 1) await process.resume(0);
  return process.tasks.size === 0 ? process.lastDoor : `stands at ${process.waiting[0]?.door ?? 'no door'}`;
}

async function take(run: Run, server: Server, letter: Letter, kind: FaultKind | null): Promise<void> {
  const shop = run.shops.find(({ webhookKey }) => letter.url === `${hubOrigin}/hooks/${webhookKey}`);
  if (shop === undefined) throw new Error('a webhook was sent to nobody');
  const isForged = kind === 'webhook.forged';
  const rawBody = Buffer.from(isForged ? `${letter.body} ` : letter.body);
  const request = { method: 'POST', url: letter.url, headers: letter.headers, rawBody };
  try {
    const { status, body } = await server.receive(shop.webhookKey, request);
    run.log.line(`  webhook ${letter.number} is answered ${status} ${body.code}`);
    if (isForged && status !== 401) run.violations.push(`a forged webhook was answered ${status}`);
    if (isForged) return;
    if (body.code === 'hook.stored' || body.code === 'hook.known') acknowledge(run, shop, request);
    if (kind === 'webhook.answer_lost') letter.lose();
    else letter.answer(status);
  } catch (error) {
    run.violations.push(`webhook ${letter.number} was answered 500: ${String(error)}`);
    letter.answer(500);
  } finally {
    server.letters.delete(letter);
  }
}

function acknowledge(run: Run, shop: SimShop, request: WebhookRequest): void {
  const connector = run.ground.connectors.get(shop.channel);
  const verified = connector?.webhooks?.verify(shop.settings, request, new Date(run.clock.nowMs())) ?? null;
  if (verified !== null) run.acknowledged.add(`${shop.shopId}/webhook:${verified.dedupeKey}`);
}
