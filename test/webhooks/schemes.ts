import { z } from 'zod';
import { customHarness } from '../../connectors/custom/harness.ts';
import { sandboxHarness } from '../../connectors/sandbox/harness.ts';
import { acmeShopHarness } from '../../connectors/template/harness.ts';
import type { ConformanceHarness } from '../../src/connector-kit/conformance/index.ts';
import { signHmac } from '../../src/connector-kit/index.ts';

export type Header = readonly [name: string, value: string];

/** One delivery as a channel would sign it. */
export type Signed = { readonly headers: readonly Header[]; readonly body: Uint8Array };

export type Letter = { readonly id: string; readonly at: Date; readonly body: Uint8Array };

/** How one channel signs: written down here once more, from its README, so that a wrong check does not judge itself. */
export type Scheme = {
  readonly name: string;
  readonly harness: ConformanceHarness;
  readonly idHeader: string;
  readonly timeHeader: string;
  readonly signatureHeader: string;
  /** What stands before the digest. */
  readonly prefix: string;
  readonly encoding: 'hex' | 'base64';
  readonly toleranceMs: number;
  /** The bytes that the channel's secret stands for. */
  keyOf(secret: string): Uint8Array;
  secretOf(settings: unknown): string;
};

const text = (secret: string): Uint8Array => Buffer.from(secret);

/** `<id>.<seconds since 1970>.<raw body>` under HMAC SHA-256: all of ours sign these, and write the digest differently. */
export const schemes: readonly Scheme[] = [
  {
    name: 'sandbox',
    harness: sandboxHarness,
    ...timed('sandbox-event-id', 'sandbox-timestamp', 'sandbox-signature'),
    prefix: '',
    encoding: 'hex',
    keyOf: text,
    secretOf: (settings) => z.object({ webhookSecret: z.string() }).parse(settings).webhookSecret,
  },
  {
    name: 'custom',
    harness: customHarness,
    ...timed('webhook-id', 'webhook-timestamp', 'webhook-signature'),
    prefix: 'v1,',
    encoding: 'base64',
    keyOf: (secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'),
    secretOf: (settings) => z.object({ signingSecret: z.string() }).parse(settings).signingSecret,
  },
  {
    name: 'acme-shop',
    harness: acmeShopHarness,
    ...timed('acme-shop-event-id', 'acme-shop-timestamp', 'acme-shop-signature'),
    prefix: '',
    encoding: 'hex',
    keyOf: text,
    secretOf: (settings) => z.object({ webhookSecret: z.string() }).parse(settings).webhookSecret,
  },
];

function timed(
  idHeader: string,
  timeHeader: string,
  signatureHeader: string,
): Pick<Scheme, 'idHeader' | 'timeHeader' | 'signatureHeader' | 'toleranceMs'> {
  return { idHeader, timeHeader, signatureHeader, toleranceMs: 5 * 60_000 };
}

export function sign(scheme: Scheme, key: Uint8Array | string, { id, at, body }: Letter): Signed {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const digest = signHmac(key, [`${id}.${seconds}.`, body], scheme.encoding);
  return {
    body,
    headers: [
      ['content-type', 'application/json'],
      [scheme.idHeader, id],
      [scheme.timeHeader, seconds],
      [scheme.signatureHeader, scheme.prefix + digest],
    ],
  };
}

export type SentBodies = {
  readonly settings: unknown;
  /** What the channel's fake sends for an order that is placed and changed, oldest first. */
  readonly bodies: readonly Uint8Array[];
  /** What it sends for another order that is placed. */
  readonly spare: Uint8Array;
};

export async function sentBodies(scheme: Scheme): Promise<SentBodies> {
  const world = await scheme.harness.open();
  try {
    const { externalId } = await world.placeOrder({ lines: [{ quantity: 2 }, { quantity: 1 }] });
    await world.touchOrder(externalId);
    const bodies = (world.webhooks?.sent() ?? []).map(({ rawBody }) => rawBody);
    await world.placeOrder({ lines: [{ quantity: 1 }] });
    const spare = world.webhooks?.sent().at(-1)?.rawBody ?? new Uint8Array();
    return { settings: world.settings, bodies, spare };
  } finally {
    await world.close();
  }
}
