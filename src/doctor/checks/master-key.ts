import { bad, ok, warn, type DoctorCheck, type Finding } from '../finding.ts';
import { counted } from '../words.ts';
import type { Opened } from './shops.ts';

export type KeyPlace = { readonly kind: 'env' } | { readonly kind: 'file'; readonly path: string } | null;

/** There, and the one that sealed what is sealed. `open` is null where there is no key to open with. */
export function masterKeyCheck(place: KeyPlace, open: (() => Promise<readonly Opened[]>) | null): DoctorCheck {
  return {
    name: 'master_key',
    title: 'Master key',
    async run() {
      if (place === null || open === null) {
        const step = 'Set WHARF_MASTER_KEY to the key that was in use (a start without one makes a new one).';
        return [warn('there is none yet', step)];
      }
      return judgeOpened(place, await open());
    },
  };
}

export function judgeOpened(place: NonNullable<KeyPlace>, opened: readonly Opened[]): Finding[] {
  const where = place.kind === 'env' ? 'WHARF_MASTER_KEY' : place.path;
  const closed = opened.filter(({ session }) => session === null);
  if (closed.length === 0) {
    const count =
      opened.length === 0 ? 'nothing is sealed yet' : `opens the credentials of ${counted(opened.length, 'shop')}`;
    return [ok(`${where}: ${count}`)];
  }
  return closed.map(({ shop, code }) =>
    code?.startsWith('crypto.') === true
      ? bad(
          `does not open the credentials (${code})`,
          `Put back the master key of this database in ${where}, or enter the credentials anew: PATCH /api/v1/shops/${shop.shopId}`,
          shop.name,
        )
      : warn(`cannot be opened (${code ?? 'unknown'})`, `wharf shop show "${shop.name}"`, shop.name),
  );
}
