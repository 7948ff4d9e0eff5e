import { catalogue } from './catalogue.ts';

export type Purchase = {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly withCoupon: boolean;
  readonly express: boolean;
  /** False: bought as a guest. */
  readonly asMember: boolean;
  /** True: the payment is only authorised; the merchant settles it later. */
  readonly authoriseOnly: boolean;
};

/** Purchase number `index` of a run: the same for the same seed, of one to four lines, every kind of buyer in turn. */
export function purchaseFor(seed: number, index: number): Purchase {
  const random = randomFrom(seed * 7919 + index);
  const count = 1 + Math.floor(random() * 4);
  const pool = [...catalogue];
  const lines = Array.from({ length: count }, () => {
    const [picked] = pool.splice(Math.floor(random() * pool.length), 1);
    return { sku: picked?.sku ?? '', quantity: 1 + Math.floor(random() * 3) };
  });
  return {
    lines,
    withCoupon: index % 3 !== 0,
    express: index % 4 === 1,
    asMember: index % 4 === 3,
    authoriseOnly: index % 10 === 9,
  };
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
