import type { Trouble } from './faults.ts';
import type { Shop } from './shop.ts';

const oddStatus = 'platform_audit_2';

/** The next changed orders carry a status word that nobody has documented; the change after that takes it back. */
export function oddStatuses(shop: Shop, trouble: Trouble): void {
  const { faults } = trouble;
  shop.onCommit((_, { order }) => {
    if (order === undefined) return;
    const isOdd = faults.oddStatusNext > 0;
    if (isOdd) {
      faults.oddStatusNext -= 1;
      trouble.happened('odd_status');
    }
    if (isOdd) order.oddStatus = oddStatus;
    else if (order.oddStatus === oddStatus) order.oddStatus = null;
  });
}
