import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newModel } from '../../test/support/model/model.ts';
import { plantedVerbs, walkPlanted, type PlantedVerb } from '../../test/support/model/planted.ts';
import { openWalkWorld, type WalkWorld } from '../../test/support/model/world.ts';

let world: WalkWorld;

beforeAll(async () => {
  world = await openWalkWorld();
});
afterAll(() => world.close());

async function walk(planted: PlantedVerb, forgetful: boolean): Promise<void> {
  const begun = await world.begin();
  const seen = await world.observer.see(begun.walk);
  const real = { ...begun, world, seen, owed: [], nowMs: 0 };
  await walkPlanted(planted, newModel(), real, forgetful);
}

describe('the walks of the model catch', () => {
  for (const planted of plantedVerbs) {
    it(`${planted.what} (invariant ${planted.invariant})`, async () => {
      await walk(planted, false);
      await expect(walk(planted, true)).rejects.toThrow(/^expected /);
    });
  }
});
