import { expect, test } from 'vitest';
import { connectors } from '../../src/main/connectors.ts';
import { checkConformance } from './conformance.ts';
import { withPlants } from './plant.ts';
import { listFiles, projectRoot } from './source-files.ts';

test('every connector runs the conformance suite', () => {
  expect(checkConformance(projectRoot)).toEqual([]);
});

test('every connector of the program has its folder, and every folder is in the program', () => {
  const folders = listFiles(projectRoot, ['connectors'], ['conformance.test.ts']).map((file) => file.split('/')[1]);
  expect([...connectors.keys()].toSorted()).toEqual(folders);
});

const call = `import { describeConformance } from '../../src/connector-kit/conformance/index.ts';\ndescribeConformance(harness);\n`;
const file = 'connectors/acme/conformance.test.ts';

test.each([
  ['a connector without the file', { 'connectors/acme/index.ts': '' }, ['connectors/acme: lacks conformance.test.ts']],
  [
    'a suite of its own',
    { [file]: call.replace('../../src/connector-kit/', './') },
    [`${file}: does not import the suite`],
  ],
  [
    'a call that is commented out',
    { [file]: call.replace('\ndescribe', '\n// describe') },
    [`${file}: does not run the suite`],
  ],
  [
    'a suite that is skipped',
    { [file]: call.replace('\ndescribe', '\nif (fast) describe') },
    [`${file}: does not run the suite`],
  ],
  ['a file that runs it', { [file]: call }, []],
])('%s is judged so', (_title, planted, problems) => {
  const others = { 'connectors/other/conformance.test.ts': call };
  expect(withPlants({ ...others, ...planted }, checkConformance)).toEqual(problems);
});

test('an empty walk fails', () => {
  expect(() => withPlants({ 'README.md': '' }, checkConformance)).toThrow('no connectors');
});
