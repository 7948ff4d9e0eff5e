import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capabilitiesOf, type AnyConnector } from '../../connector-kit/index.ts';
import { compareBytes, Fault } from '../../kernel/index.ts';
import { matrixMarkdown } from './connector-matrix.ts';

const begin = '<!-- connectors:begin -->';
const end = '<!-- connectors:end -->';

/** The channels' table as the README holds it, between its markers. */
export function readmeTable(connectors: Iterable<AnyConnector>): string {
  const channels = [...connectors].map(capabilitiesOf).toSorted((a, b) => compareBytes(a.code, b.code));
  return `${begin}\n\n${matrixMarkdown(channels)}\n\n${end}`;
}

/** The README with its table written anew. Fault `connector.no_markers` where it has no place for one. */
export function withTable(readme: string, connectors: Iterable<AnyConnector>): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from !== -1 && to > from) return readme.slice(0, from) + readmeTable(connectors) + readme.slice(to + end.length);
  throw new Fault('invalid', 'connector.no_markers', {
    message: `README.md has no table of channels.\n  Next: put the lines ${begin} and ${end} where it shall stand.`,
  });
}

/** Writes the table into the README of the checkout; false where it stands there already. */
export function writeTable(root: string, connectors: Iterable<AnyConnector>): boolean {
  const file = join(root, 'README.md');
  const before = readFileSync(file, 'utf8');
  const after = withTable(before, connectors);
  if (after === before) return false;
  writeFileSync(file, after);
  return true;
}
