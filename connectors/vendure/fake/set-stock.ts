import type { z } from 'zod';
import { variantOf } from './allocate.ts';
import { FakeGraphqlError } from './errors.ts';
import type { setStockInput } from './requests.ts';
import type { FakeState } from './state.ts';

/** Absolute and one transaction: one unknown id and nothing is written. Below zero is taken. */
export function setStock(state: FakeState, { input }: z.infer<typeof setStockInput>): unknown {
  for (const { id, stockLevels } of input) {
    if (variantOf(state, id) === null) {
      throw new FakeGraphqlError(`No ProductVariant with the id "${id}" could be found`, 'ENTITY_NOT_FOUND');
    }
    if (stockLevels.some((level) => !state.locations.some((location) => location.id === level.stockLocationId))) {
      throw new FakeGraphqlError(
        'insert or update on table "stock_level" violates foreign key constraint "FK_1"',
        null,
      );
    }
  }
  for (const { id, stockLevels } of input) {
    for (const { stockLocationId, stockOnHand } of stockLevels) {
      const level = variantOf(state, id)?.stockLevels.find((row) => row.stockLocationId === stockLocationId);
      if (level !== undefined) level.stockOnHand = stockOnHand;
    }
  }
  return input.map(({ id }) => ({ id }));
}
