import { authorise } from '../identity/index.ts';
import { currencyCode, invalidField, positiveQuantity, type LotId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { raiseStockChanged, raiseStockFreed } from './events.ts';
import { sumByLevel, type LevelKey } from './level.ts';
import { lockOrMakeLevels } from './locks.ts';
import { writeLevels } from './write-levels.ts';
import { writeMoves } from './write-moves.ts';

export type Receipt = LevelKey & {
  /** SKU units, at least 1. */
  readonly quantity: number;
  /** Per unit, decimal text with at most 6 places; null where it is not known. Comes with its currency. */
  readonly unitCost: string | null;
  readonly costCurrency: string | null;
  readonly lotId: LotId | null;
  readonly note: string | null;
};

/** Takes goods into warehouses: one move a receipt. Whoever waits for these SKUs is looked at again. */
export async function receiveStock(ctx: Ctx, receipts: readonly Receipt[]): Promise<void> {
  authorise(ctx, 'stock:write');
  if (receipts.length === 0) return;
  receipts.forEach((receipt, index) => checkReceipt(receipt, `receipts.${index}`));
  const sums = sumByLevel(receipts, (receipt) => receipt.quantity);
  await lockOrMakeLevels(ctx, sums);
  await writeLevels(
    ctx,
    sums.map((level) => ({ ...level, onHand: level.sum, reserved: 0 })),
  );
  await writeMoves(
    ctx,
    receipts.map((receipt) => ({ ...receipt, binCode: '', reason: 'received', reference: null })),
  );
  const skuIds = sums.map(({ skuId }) => skuId);
  raiseStockChanged(ctx, skuIds);
  raiseStockFreed(ctx, skuIds);
  await writeAudit(ctx, {
    action: 'stock.received',
    subjectKind: 'stock',
    subjectId: null,
    data: { lines: receipts.map(({ skuId, warehouseId, quantity }) => ({ skuId, warehouseId, quantity })) },
  });
}

function checkReceipt(receipt: Receipt, path: string): void {
  positiveQuantity(receipt.quantity, `${path}.quantity`);
  if ((receipt.unitCost === null) !== (receipt.costCurrency === null)) {
    throw invalidField(`${path}.unitCost`, 'cost.currency_missing', 'comes with its currency, or not at all');
  }
  if (receipt.unitCost !== null && !/^\d{1,14}(\.\d{1,6})?$/.test(receipt.unitCost)) {
    throw invalidField(`${path}.unitCost`, 'cost.malformed', 'must be a decimal with at most 6 places');
  }
  if (receipt.costCurrency !== null) currencyCode(receipt.costCurrency);
}
