import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderId, OrderLineId, PartId, SkuId } from '../../kernel/index.ts';
import type { PartRow } from '../../orders/index.ts';
import { planUnits, settleUnits } from './plan-units.ts';

const ids = {
  id: 'p' as PartId,
  orderLineId: 'l' as OrderLineId,
  orderId: 'o' as OrderId,
  skuId: 's' as SkuId,
  unitsPerLine: 1,
};

/** A part with what invariant 4 says of it, a target it may be given, and how many units really come back. */
const cases = fc
  .record({
    cancelled: fc.nat(10),
    shipped: fc.nat(10),
    reserved: fc.nat(10),
    demand: fc.nat(10),
    more: fc.nat(10),
    cancelTo: fc.nat(30),
    packed: fc.nat(10),
    takesAllBack: fc.boolean(),
  })
  .map(({ cancelled, shipped, reserved, demand, more, cancelTo, packed, takesAllBack }) => {
    const ordered = cancelled + shipped + reserved + demand;
    const part: PartRow = { ...ids, ordered, cancelled, shipped, shippedElsewhere: 0 };
    const target = {
      ordered: ordered + more,
      cancelled: Math.min(cancelTo, ordered + more - shipped),
      shippedElsewhere: 0,
    };
    return { part, target, demand, reserved, packed: Math.min(packed, reserved), takesAllBack };
  });

describe('the steps of a part', () => {
  it('keep ordered = cancelled + shipped + reserved + demand, whatever is packed already', () => {
    fc.assert(
      fc.property(cases, ({ part, target, demand, reserved, packed, takesAllBack }) => {
        const steps = planUnits(part, target, demand, takesAllBack);
        expect(steps.withdraw).toBeLessThanOrEqual(reserved);
        const withdrawn = Math.min(steps.withdraw, reserved - packed);
        const { counters, cancelWithdrawn, tooLate } = settleUnits(steps, withdrawn);
        const demandAfter = demand + withdrawn + steps.add - steps.cancelOpen - cancelWithdrawn;
        expect(demandAfter).toBeGreaterThanOrEqual(0);
        expect(counters.ordered).toBe(counters.cancelled + part.shipped + (reserved - withdrawn) + demandAfter);
        expect(tooLate === 0).toBe(withdrawn === steps.withdraw);
        if (tooLate === 0) expect(counters.cancelled).toBe(target.cancelled);
      }),
      { numRuns: 5_000 },
    );
  });

  it('take from open demand before they take from a parcel', () => {
    const part: PartRow = { ...ids, ordered: 5, cancelled: 0, shipped: 0, shippedElsewhere: 0 };
    const target = { ordered: 5, cancelled: 3, shippedElsewhere: 0 };
    expect(planUnits(part, target, 2, false)).toMatchObject({ cancelOpen: 2, cancelReserved: 1, withdraw: 1 });
    expect(planUnits(part, target, 2, true)).toMatchObject({ cancelOpen: 2, cancelReserved: 1, withdraw: 3 });
  });
});
