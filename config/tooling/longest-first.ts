import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest of all, longest first: begun last, each would keep one worker at work after the others are done. */
const long = [
  'test/simulation/simulation.db.test.ts',
  'test/scenarios/faults.scenario.test.ts',
  'test/scenarios/start.scenario.test.ts',
  'test/simulation/planted.db.test.ts',
  'src/fulfilment/crowds.db.test.ts',
  'src/main/model.db.test.ts',
  'src/platform/db/embedded/start-embedded.db.test.ts',
  'test/scenarios/write-a-connector.scenario.test.ts',
  'test/scenarios/readme.scenario.test.ts',
];

/** A fresh checkout knows no times of earlier runs, by which vitest orders files otherwise. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = long.findIndex((name) => moduleId.endsWith(name));
      return rank === -1 ? long.length : rank;
    };
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
