import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../connectors/sandbox/fake/index.ts';
import { figures, tellFigure } from '../support/figures.ts';
import { openCanary } from './canary.ts';
import { finalChecks } from './final-checks.ts';
import { openMarket } from './market.ts';
import { openHarbour, type Harbour } from './open-harbour.ts';

/** Long enough for a lane to be in the middle of something, far shorter than a lease. */
const gapMs = { min: 1_000, spread: 5_000 } as const;
const testTimeoutMs = 1_500_000;

describe('server and workers killed under 30 orders a second', () => {
  let harbour: Harbour;

  beforeAll(async () => {
    harbour = await openHarbour({ workers: [{}, {}] });
  });
  afterAll(() => harbour?.close());

  it('lose nothing that was acknowledged, leave no half and do nothing twice', { timeout: testTimeoutMs }, async () => {
    const market = openMarket(harbour, 1);
    const canary = await openCanary(harbour.database);
    const killed = await killAgainAndAgain(harbour, figures.kills);
    const { line } = await finalChecks(harbour, market, canary);
    expect([...killed.values()].reduce((sum, times) => sum + times, 0)).toBe(figures.kills);
    const each = [...killed].map(([name, times]) => `${name} ${times}`).join(', ');
    await tellFigure('process chaos: kill -9', `${figures.kills} kills (${each}); ${line}`);
  });
});

/** Each time another that is up, at a moment of chance; whoever was killed is started again at once. */
async function killAgainAndAgain(harbour: Harbour, times: number): Promise<Map<string, number>> {
  const random = seededRandom(7);
  const killed = new Map<string, number>();
  const all = [harbour.server, ...harbour.workers];
  for (let done = 0; done < times;) {
    await new Promise((resolve) => setTimeout(resolve, gapMs.min + random() * gapMs.spread));
    const up = all.filter((each) => each.isUp());
    const victim = up[Math.floor(random() * up.length)];
    if (victim === undefined) continue;
    await victim.kill();
    killed.set(victim.name, (killed.get(victim.name) ?? 0) + 1);
    done += 1;
  }
  await Promise.all(all.map((each) => each.ready()));
  return killed;
}
