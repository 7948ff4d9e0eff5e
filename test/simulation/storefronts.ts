import { createSandbox, type Sandbox, type SandboxCharacter } from '../../connectors/sandbox/fake/index.ts';
import type { Clock } from '../../src/kernel/index.ts';
import type { Chance } from './chance.ts';
import type { Post } from './post.ts';

/** A storefront of a run, with a character of its own. */
export type Storefront = {
  readonly name: string;
  /** Its connector's code. */
  readonly channel: string;
  readonly origin: string;
  readonly sandbox: Sandbox;
  /** What the hub is told to reach it with. */
  readonly settings: Readonly<Record<string, unknown>>;
};

const characters = {
  webhooks: 'sandbox',
  poll_only: 'sandbox-poll-only',
  masked: 'sandbox-masked',
  self_hosted: 'sandbox-self-hosted',
  unit_lines: 'sandbox-unit-lines',
} as const satisfies Record<SandboxCharacter, string>;

/** Few listings, so that orders meet over the same units; the last is sold without counting. */
const listingsKept = 6;

/** One storefront; `index` tells it from the others of the run. */
export function openStorefront(
  character: SandboxCharacter,
  clock: Clock,
  chance: Chance,
  post: Post,
  index: number,
): Storefront {
  const sandbox = createSandbox({
    character,
    clock,
    seed: index + 1,
    shopName: `Shop ${index + 1}`,
    rateLimit: { burst: 1_000_000, perSecond: 1_000 },
    fetch: post.fetch,
    webhookDelivery: 'driven',
    random: chance.next,
  });
  const { listings } = sandbox.state;
  listings.splice(listingsKept - 1, listings.length - listingsKept);
  const origin = `https://shop-${index + 1}.example`;
  const settings = sandbox.settings(origin);
  return { name: `shop ${index + 1} (${character})`, channel: characters[character], origin, sandbox, settings };
}
