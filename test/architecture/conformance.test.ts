import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/connector-kit/index.ts';
import { withTable } from '../../src/main/cli/connector-readme.ts';
import { connectors } from '../../src/main/connectors.ts';
import { checkConformance } from './conformance.ts';
import { withPlants } from './plant.ts';
import { listFiles, projectRoot } from './source-files.ts';

test('every connector runs the conformance suite, over a harness and a fake that others can use', () => {
  expect(checkConformance(projectRoot)).toEqual([]);
});

test('every connector of the program has its folder, and every folder but the template is in the program', () => {
  const folders = listFiles(projectRoot, ['connectors'], ['conformance.test.ts']).map((file) => file.split('/')[1]);
  expect([...connectors.keys(), 'template'].toSorted()).toEqual(folders);
});

test('the README shows what the connectors say of themselves; "wharf connector list --write" writes it anew', () => {
  const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
  expect(readme).toBe(withTable(readme, connectors.values()));
});

test('no connector states a fact about a capability that it lacks', () => {
  for (const connector of connectors.values()) {
    const { packages, cancels, refunds } = capabilitiesOf(connector);
    const stated = Object.keys(connector.facts ?? {});
    const lacking = Object.entries({ packages, cancels, refunds }).filter(([, can]) => can === null);
    expect(lacking.filter(([key]) => stated.includes(key))).toEqual([]);
  }
});

const call = `import { describeConformance } from '../../src/connector-kit/conformance/index.ts';\ndescribeConformance(acmeHarness);\n`;
const good = {
  'connectors/acme/conformance.test.ts': call,
  'connectors/acme/harness.ts': 'export const acmeHarness = { connector, open };\n',
  'connectors/acme/fake/index.ts': "export { serveFake } from './serve.ts';\n",
};
const suite = 'connectors/acme/conformance.test.ts';

describe('a folder is judged by its files:', () => {
  test.each([
    ['one that has all', {}, []],
    ['a suite of its own', { [suite]: call.replace('../../src/connector-kit/', './') }, ['does not import the suite']],
    [
      'a call that is commented out',
      { [suite]: call.replace('\ndescribe', '\n// describe') },
      ['does not run the suite'],
    ],
    [
      'a suite that is skipped',
      { [suite]: call.replace('\ndescribe', '\nif (fast) describe') },
      ['does not run the suite'],
    ],
    [
      'a harness that nobody can open',
      { 'connectors/acme/harness.ts': 'const acmeHarness = 1;' },
      ['exports no harness'],
    ],
    ['a fake that nobody can serve', { 'connectors/acme/fake/index.ts': '// serveFake' }, ['exports no serveFake']],
  ])('%s', (_title, planted, problems) => {
    const found = withPlants({ ...good, ...planted }, checkConformance);
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  test('one with nothing in it', () => {
    expect(withPlants({ ...good, 'connectors/bare/index.ts': '' }, checkConformance)).toEqual([
      'connectors/bare: lacks conformance.test.ts',
      'connectors/bare: lacks harness.ts',
      'connectors/bare: lacks fake/index.ts',
    ]);
  });

  test('an empty walk fails', () => {
    expect(() => withPlants({ 'README.md': '' }, checkConformance)).toThrow('no connectors');
  });
});
