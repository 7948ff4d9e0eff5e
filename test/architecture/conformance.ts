import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const suite = '../../src/connector-kit/conformance/index.ts';

/** What a file must say, and what is wrong with one that does not. */
type Demand = { readonly file: string; readonly says: RegExp | string; readonly problem: string };

const demands: readonly Demand[] = [
  {
    file: 'conformance.test.ts',
    says: `import { describeConformance } from '${suite}';`,
    problem: 'does not import the suite',
  },
  {
    file: 'conformance.test.ts',
    says: /^describeConformance\(\w+Harness\);$|^for \(const harness of Object\.values\(\w+Harnesses\)\) describeConformance\(harness\);$/m,
    problem: 'does not run the suite',
  },
  { file: 'harness.ts', says: /^export const \w+Harness(es)?\b/m, problem: 'exports no harness' },
  {
    file: 'fake/index.ts',
    says: /^export \{[^}]*\bserveFake\b|^export const serveFake\b/m,
    problem: 'exports no serveFake',
  },
];

/**
 * Every connector runs the conformance suite by its own call in conformance.test.ts, over the harness that others may use too,
 * and has a fake that `wharf connector fake` can serve.
 */
export function checkConformance(root: string): string[] {
  const connectors = existsSync(path.join(root, 'connectors'))
    ? readdirSync(path.join(root, 'connectors'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  if (connectors.length === 0) throw new Error(`no connectors below ${root}`);
  return connectors.flatMap(({ name }) => {
    const files = [...new Set(demands.map(({ file }) => file))];
    const lacking = files.filter((file) => !existsSync(path.join(root, 'connectors', name, file)));
    return [
      ...lacking.map((file) => `connectors/${name}: lacks ${file}`),
      ...demands
        .filter(({ file }) => !lacking.includes(file))
        .filter(({ file, says }) => !isSaid(readFileSync(path.join(root, 'connectors', name, file), 'utf8'), says))
        .map(({ file, problem }) => `connectors/${name}/${file}: ${problem}`),
    ];
  });
}

function isSaid(text: string, says: RegExp | string): boolean {
  return typeof says === 'string' ? text.includes(says) : says.test(text);
}
