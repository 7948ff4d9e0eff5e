import type { SealableRow } from './canonical-row.ts';
import { sealOf, type ChainHead, type SealKey } from './seal-rows.ts';

export type SealedRow = SealableRow & { readonly position: number; readonly seal: Uint8Array };

/**
 * What was done to the first row that does not fit. `deleted`: a row before it is gone; `inserted`: it was put in between;
 * `reordered`: it belongs elsewhere; `changed`: its content or seal is another; `wrong_key`: no row here fits the key.
 */
export type SealFault = 'changed' | 'deleted' | 'inserted' | 'reordered' | 'wrong_key';

/** How far from its place a row is looked for: each try is an HMAC. */
const neighboursMax = 50;

/** `before` is the last link that fits, `broken` the first that does not, `after` the rows that follow it in the chain. */
export function diagnoseSeal(
  key: SealKey,
  before: ChainHead,
  broken: SealedRow,
  after: readonly SealedRow[],
): SealFault {
  const fits = (row: SealedRow, position: number, previous: Uint8Array): boolean =>
    Buffer.compare(sealOf(key, position, previous, row), row.seal) === 0;
  const [next] = after;
  if (broken.position > before.position + 1) return 'deleted';
  const near = [broken, ...after.slice(0, neighboursMax)];
  const isElsewhere = near.some(({ seal }) =>
    near.some(({ position }) => position !== broken.position && fits(broken, position, seal)),
  );
  if (isElsewhere) return 'reordered';
  if (next !== undefined) {
    if (fits(next, broken.position, before.seal)) return 'inserted';
    if (fits(next, next.position + 1, broken.seal)) return 'deleted';
  }
  const linked = near.slice(1).some((row, at) => fits(row, row.position, near[at]?.seal ?? before.seal));
  return linked || before.position > 0 || near.length === 1 ? 'changed' : 'wrong_key';
}
