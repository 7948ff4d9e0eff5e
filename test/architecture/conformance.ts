import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const suite = '../../src/connector-kit/conformance/index.ts';

/** Every connector runs the conformance suite: its own call of `describeConformance` in conformance.test.ts. */
export function checkConformance(root: string): string[] {
  const connectors = existsSync(path.join(root, 'connectors'))
    ? readdirSync(path.join(root, 'connectors'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  if (connectors.length === 0) throw new Error(`no connectors below ${root}`);
  return connectors.flatMap(({ name }) => {
    const file = `connectors/${name}/conformance.test.ts`;
    if (!existsSync(path.join(root, file))) return [`connectors/${name}: lacks conformance.test.ts`];
    const text = readFileSync(path.join(root, file), 'utf8');
    return [
      ...(text.includes(`import { describeConformance } from '${suite}';`)
        ? []
        : [`${file}: does not import the suite`]),
      ...(/^describeConformance\(/m.test(text) ? [] : [`${file}: does not run the suite`]),
    ];
  });
}
