import { z } from 'zod';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import { partItems } from './naming.ts';
import type { OrderFacts } from './order-facts.ts';
import type { Entry } from './teller.ts';

const lateShape = z.object({ partId: z.string(), units: z.number() });

/** How a change of the channel was judged, by what it led to in the same transaction. */
export function judgeEdit(facts: OrderFacts, beside: readonly Entry[]): Sentence[] {
  return judge(facts, beside, tell('judged.replanned', nothing));
}

/** What was still possible when a cancel came. */
export function judgeCancel(facts: OrderFacts, beside: readonly Entry[]): Sentence[] {
  return judge(facts, beside, tell('judged.units_freed', nothing));
}

function judge(facts: OrderFacts, beside: readonly Entry[], whenTakenBack: Sentence): Sentence[] {
  const late = tellLate(facts, beside);
  const wasTakenBack = beside.some((entry) => entry.kind === 'units_withdrawn');
  if (late.length === 0 && !wasTakenBack) return [tell('judged.applied', nothing)];
  return [...(wasTakenBack ? [whenTakenBack] : []), ...late];
}

/** Goods that were packed when their change came. */
export function tellLate(facts: OrderFacts, entries: readonly Entry[]): Sentence[] {
  const late = entries
    .filter((entry) => entry.kind === 'change_too_late')
    .flatMap((entry) => {
      const parsed = lateShape.safeParse(entry.data);
      return parsed.success ? [{ partId: parsed.data.partId, quantity: parsed.data.units }] : [];
    });
  return late.length === 0 ? [] : [tell('judged.too_late', { items: partItems(facts, late) })];
}

/** Whether a change stands beside it that tells the judgement. */
export function isJudgedBeside(beside: readonly Entry[]): boolean {
  return beside.some((entry) => ['edited', 'lines_cancelled', 'cancelled'].includes(entry.kind));
}
