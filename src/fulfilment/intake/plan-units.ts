import type { PartRow, UnitTarget } from '../../orders/index.ts';

/** How a part's units get from what they are to what they must be. All in SKU units. */
export type UnitSteps = {
  readonly part: PartRow;
  readonly target: UnitTarget;
  /** New claims. */
  readonly add: number;
  /** Of what is given up: open demand, and reserved units that must come back first. */
  readonly cancelOpen: number;
  readonly cancelReserved: number;
  /** Reserved units to take back in all; more than `cancelReserved` where they only go elsewhere. */
  readonly withdraw: number;
};

/**
 * By invariant 4 what is neither shipped, cancelled nor open demand is reserved. What is given up comes off open demand
 * first; `takesAllBack` also withdraws what stays wanted, because its parcel must be planned anew.
 */
export function planUnits(part: PartRow, target: UnitTarget, openDemand: number, takesAllBack: boolean): UnitSteps {
  const kept = part.ordered - part.cancelled;
  const difference = target.ordered - target.cancelled - kept;
  const givenUp = Math.max(0, -difference);
  const cancelOpen = Math.min(givenUp, openDemand);
  const cancelReserved = givenUp - cancelOpen;
  const reserved = kept - part.shipped - openDemand;
  return {
    part,
    target,
    add: Math.max(0, difference),
    cancelOpen,
    cancelReserved,
    withdraw: takesAllBack ? reserved : cancelReserved,
  };
}

/** The counters once `withdrawn` units came back: what is packed already stays sold and is left for a person. */
export function settleUnits(
  steps: UnitSteps,
  withdrawn: number,
): { counters: UnitTarget; cancelWithdrawn: number; tooLate: number } {
  const cancelWithdrawn = Math.min(withdrawn, steps.cancelReserved);
  const notCancelled = steps.cancelReserved - cancelWithdrawn;
  const cancelled = steps.target.cancelled - notCancelled;
  return {
    counters: {
      ordered: steps.target.ordered,
      cancelled,
      shippedElsewhere: Math.min(steps.target.shippedElsewhere, cancelled),
    },
    cancelWithdrawn,
    tooLate: Math.max(notCancelled, steps.withdraw - withdrawn),
  };
}
