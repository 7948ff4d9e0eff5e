import { z } from 'zod';
import { customHarness } from '../../connectors/custom/harness.ts';
import { sandboxHarnesses } from '../../connectors/sandbox/harness.ts';
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
  /** Headers that are signed with the body; null where the channel signs none such. */
  readonly idHeader: string | null;
  readonly timeHeader: string | null;
  readonly signatureHeader: string;
  /** What stands before the digest. */
  readonly prefix: string;
  readonly encoding: 'hex' | 'base64';
  /** Null where no time is signed: a replay is then known by the id in the body. */
  readonly toleranceMs: number | null;
  /** What is signed before the raw body. */
  signedHead(letter: Letter): string;
  /** The body as the channel writes it under this id: changed where the id stands in it. */
  withId(body: Uint8Array, id: string): Uint8Array;
  /** The bytes that the channel's secret stands for. */
  keyOf(secret: string): Uint8Array;
  secretOf(settings: unknown): string;
};

const text = (secret: string): Uint8Array => Buffer.from(secret);

/** `<id>.<seconds since 1970>.<raw body>`. */
function timed(
  idHeader: string,
  timeHeader: string,
  signatureHeader: string,
): Pick<Scheme, 'idHeader' | 'timeHeader' | 'signatureHeader' | 'toleranceMs' | 'signedHead' | 'withId'> {
  return {
    idHeader,
    timeHeader,
    signatureHeader,
    toleranceMs: 5 * 60_000,
    signedHead: ({ id, at }) => `${id}.${secondsOf(at)}.`,
    withId: (body) => body,
  };
}

function secondsOf(at: Date): string {
  return String(Math.floor(at.getTime() / 1000));
}

const sandboxTimed = {
  ...timed('sandbox-event-id', 'sandbox-timestamp', 'sandbox-signature'),
  prefix: '',
  encoding: 'hex',
  keyOf: text,
  secretOf: (settings: unknown) => z.object({ webhookSecret: z.string() }).parse(settings).webhookSecret,
} as const;

/** HMAC SHA-256 under all of ours; what is signed, and how the digest is written, differs. */
export const schemes: readonly Scheme[] = [
  {
    name: 'sandbox',
    harness: sandboxHarnesses.webhooks,
    ...sandboxTimed,
  },
  {
    name: 'sandbox-self-hosted',
    harness: sandboxHarnesses.self_hosted,
    ...sandboxTimed,
  },
  {
    name: 'sandbox-masked',
    harness: sandboxHarnesses.masked,
    idHeader: null,
    timeHeader: null,
    signatureHeader: 'sandbox-signature',
    toleranceMs: null,
    signedHead: () => '12345678',
    withId: (body, id) =>
      Buffer.from(
        Buffer.from(body)
          .toString('utf8')
          .replace(/"message_id":"[^"]*"/, `"message_id":"${id}"`),
      ),
    prefix: '',
    encoding: 'hex',
    keyOf: text,
    secretOf: (settings) => z.object({ appSecret: z.string() }).parse(settings).appSecret,
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

export function sign(scheme: Scheme, key: Uint8Array | string, letter: Letter): Signed {
  const { idHeader, timeHeader, signatureHeader } = scheme;
  const { id, at, body } = letter;
  const digest = signHmac(key, [scheme.signedHead(letter), body], scheme.encoding);
  const headers: Header[] = [['content-type', 'application/json']];
  if (idHeader !== null) headers.push([idHeader, id]);
  if (timeHeader !== null) headers.push([timeHeader, secondsOf(at)]);
  return { body, headers: [...headers, [signatureHeader, scheme.prefix + digest]] };
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
