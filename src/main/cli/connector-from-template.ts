import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { compareBytes, Fault } from '../../kernel/index.ts';
import { connectorFolders } from './connector-folder.ts';
import { readName, refuseWordsOf, renamed, type ConnectorName } from './connector-name.ts';

const templateName = 'template';
const listFile = 'src/main/connector-list.ts';

export type MadeConnector = {
  readonly name: ConnectorName;
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** False where the formatter is not installed, so that long names may leave lines that it would break. */
  readonly isFormatted: boolean;
};

/**
 * Copies the template under a new name and adds the connector's line to the program's list. Faults `connector.bad_name`,
 * `connector.taken`; nothing is written then.
 */
export function makeFromTemplate(root: string, text: string, codes: readonly string[]): MadeConnector {
  const name = readName(text);
  if (connectorFolders(root).includes(text) || codes.includes(text)) throw taken(text);
  const texts = readTemplate(root);
  refuseWordsOf([...texts.values()], name);
  const folder = join('connectors', name.kebab);
  try {
    for (const [file, template] of texts) write(join(root, folder, file), renamed(template, name));
    register(root, name);
  } catch (error) {
    rmSync(join(root, folder), { recursive: true, force: true });
    throw error;
  }
  return { name, folder, files: [...texts.keys()], isFormatted: format(root, folder) };
}

function readTemplate(root: string): Map<string, string> {
  const folder = join(root, 'connectors', templateName);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted(compareBytes);
  return new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}

/** One line in the list, in order. */
function register(root: string, name: ConnectorName): void {
  const file = join(root, listFile);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const line = `export { ${name.camel} } from '../../connectors/${name.kebab}/index.ts';`;
  const at = lines.findIndex((other) => other.startsWith('export ') && compareBytes(other, line) > 0);
  lines.splice(at === -1 ? lines.length : at, 0, line);
  writeFileSync(file, `${lines.join('\n')}\n`);
}

/** Another name makes other line lengths. */
function format(root: string, folder: string): boolean {
  const formatter = join(root, 'node_modules', '.bin', 'oxfmt');
  if (!existsSync(formatter)) return false;
  const files = [`${folder}/**/*.ts`];
  const done = spawnSync(formatter, ['--config', 'config/tooling/oxfmt.json', ...files], {
    cwd: root,
    stdio: 'ignore',
  });
  return done.status === 0;
}

function taken(name: string): Fault {
  return new Fault('conflict', 'connector.taken', {
    message: `connectors/${name} exists.\n  Next: wharf connector test ${name} runs it; choose another name for a new one.`,
    data: { name },
  });
}
