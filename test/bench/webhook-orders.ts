import { createSandbox, seededRandom, type Sandbox } from '../../connectors/sandbox/fake/index.ts';

export type ToldOrder = { readonly headers: Headers; readonly body: string };

/** Webhooks of new orders as the sandbox signs and sends them: one to three lines each, seeded. */
export async function tellOrders(seed: number, count: number, webhookSecret: string): Promise<ToldOrder[]> {
  const told: ToldOrder[] = [];
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    told.push({ headers: new Headers(init?.headers ?? {}), body: String(init?.body) });
    return new Response(null, { status: 202 });
  };
  const sandbox = createSandbox({ seed, fetch, webhookSecret });
  (sandbox.state as { webhookUrls: string[] }).webhookUrls.push('http://127.0.0.1/');
  const random = seededRandom(seed);
  for (let index = 0; index < count; index += 1) sellOne(sandbox, random);
  await sandbox.webhooks.settled();
  sandbox.close();
  return told;
}

export function sellOne(sandbox: Sandbox, random: () => number): string {
  const { listings } = sandbox.state;
  const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
    listingId: listings[Math.floor(random() * (listings.length - 1))]?.id ?? '',
    quantity: 1 + Math.floor(random() * 2),
  }));
  const unique = [...new Map(lines.map((line) => [line.listingId, line])).values()];
  return sandbox.placeOrder({ lines: unique, shippingMinor: 490, taxBasisPoints: 1900, oversell: true }).id;
}
