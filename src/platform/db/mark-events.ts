import type { Ctx, DomainEvent, Marker } from './context.ts';

/** A marker may raise events of its own; more rounds than this is a circle. */
const roundsMax = 5;

/** Hands the collected events to the markers that ask for their kind, once each, set-based, in the order wired. */
export async function markEvents(ctx: Ctx, markers: readonly Marker[]): Promise<void> {
  let marked = 0;
  for (let round = 0; marked < ctx.events.length; round += 1) {
    if (round === roundsMax) throw new Error(`markers still raise events after ${roundsMax} rounds`);
    const fresh = ctx.events.slice(marked);
    marked = ctx.events.length;
    for (const marker of markers) {
      const wanted: DomainEvent[] = fresh.filter((event) => marker.kinds.includes(event.kind));
      if (wanted.length === 0) continue;
      if ('mark' in marker) await marker.mark(ctx, wanted);
      else for (const lane of marker.lanesOf(wanted)) ctx.rings.add(lane);
    }
  }
}
