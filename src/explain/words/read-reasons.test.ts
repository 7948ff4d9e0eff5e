import { describe, expect, it } from 'vitest';
import { newId } from '../../kernel/index.ts';
import { readReasons } from './read-reasons.ts';

describe('stored reasons', () => {
  const warehouseId = newId<'warehouse'>();
  const skuId = newId<'sku'>();

  it('are read as the planner stores them', () => {
    const lacks = [{ skuId, wanted: 2, free: 1 }];
    const stored = {
      policy: 'fewest_parcels',
      warehouses: [{ warehouseId, outcome: 'rejected', code: 'has_less', lacks }],
    };
    expect(readReasons(stored)).toEqual([{ warehouseId, code: 'has_less', lacks }]);
  });

  it('of another shape are none, and break nothing', () => {
    for (const other of [
      null,
      'x',
      {},
      { warehouses: 'x' },
      { warehouses: [{ warehouseId: "'; drop", code: 'y', lacks: [] }] },
    ]) {
      expect(readReasons(other)).toEqual([]);
    }
  });
});
