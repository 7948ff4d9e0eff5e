import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const checkout = resolve(import.meta.dirname, '../..');

const copied = ['connectors/template', 'config/tooling', 'src/main/connector-list.ts', 'tsconfig.json'];
const linked = ['node_modules', 'package.json', 'config/rooms.json'];

/** A checkout of one's own to write connectors in: what they are written into is copied, the rest is the real one. */
export function openConnectorBench(): { readonly root: string; close(): void } {
  const root = mkdtempSync(join(tmpdir(), 'wharf-connectors-'));
  for (const path of copied) cpSync(join(checkout, path), join(root, path), { recursive: true });
  const folders = readdirSync(join(checkout, 'src')).filter((name) => name !== 'main');
  for (const path of [...linked, ...folders.map((name) => `src/${name}`)]) {
    symlinkSync(join(checkout, path), join(root, path));
  }
  writeFileSync(join(root, 'README.md'), '# A shop\n\n<!-- connectors:begin -->\n<!-- connectors:end -->\n');
  // A slice of its own: the check of the layout follows no links, and fails where it sees none.
  mkdirSync(join(root, 'src', 'bench'));
  for (const file of ['index.ts', 'README.md']) writeFileSync(join(root, 'src', 'bench', file), '');
  return { root, close: () => rmSync(root, { recursive: true, force: true }) };
}
