import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { vagueWords } from '../../src/main/cli/connector-name.ts';
import { codeFolders, listFiles } from './source-files.ts';

const linesMax = 300;

/** Files that may be longer, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {};

const vagueNames = new Set<string>(vagueWords);
const kebabFile = /^[a-z0-9]+(-[a-z0-9]+)*(\.(db|scenario|servers|live|unit|chaos|full))?(\.(test|config))?\.tsx?$/;
const kebabFolder = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Rooms below src that are no slices: their anatomy is their own. */
const notSlices = new Set(['kernel', 'connector-kit', 'platform', 'main']);

const connectorFiles = ['index.ts', 'README.md', 'settings.ts', 'client.ts', 'wire.ts', 'orders.ts'];

/** File names after the verb or the noun, and no file too long to read at once. */
export function checkFileNames(root: string): string[] {
  const files = listFiles(root, codeFolders, ['.ts', '.tsx']);
  if (files.length === 0) throw new Error(`no source files below ${root}`);
  return files.flatMap((file) => {
    const segments = file.split('/');
    const name = segments.at(-1) ?? '';
    const words = segments.flatMap((segment) => segment.split(/[.-]/));
    const vague = words.filter((word) => vagueNames.has(word));
    const lineCount = readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length;
    return [
      ...(kebabFile.test(name) && segments.slice(0, -1).every((folder) => kebabFolder.test(folder))
        ? []
        : [`${file}: is not kebab-case`]),
      ...vague.map((word) => `${file}: "${word}" says nothing about what is inside`),
      ...(lineCount > linesMax && !(file in longFiles)
        ? [`${file}: has ${lineCount} lines, more than ${linesMax}`]
        : []),
    ];
  });
}

/** Every slice has its door and its page; every connector has the same files and a fake sibling. */
export function checkAnatomy(root: string): string[] {
  const slices = foldersOf(root, 'src').filter((folder) => !notSlices.has(folder));
  const connectors = foldersOf(root, 'connectors');
  if (slices.length === 0 || connectors.length === 0) throw new Error(`no slices or no connectors below ${root}`);
  const missing = (folder: string, wanted: readonly string[]): string[] =>
    wanted.filter((file) => !existsSync(path.join(root, folder, file))).map((file) => `${folder}: lacks ${file}`);
  return [
    ...slices.flatMap((slice) => missing(`src/${slice}`, ['index.ts', 'README.md'])),
    ...connectors.flatMap((connector) => {
      const folder = `connectors/${connector}`;
      const hasFake = ['fake.ts', 'fake/index.ts'].some((file) => existsSync(path.join(root, folder, file)));
      return [...missing(folder, connectorFiles), ...(hasFake ? [] : [`${folder}: lacks fake.ts`])];
    }),
  ];
}

const migrationName = /^(\d{4})_([a-z]+)_[a-z0-9]+(_[a-z0-9]+)*\.sql$/;
const migrationVerbs = new Set(
  'create add drop rename fill backfill index widen narrow set move grant validate constrain replace seed split merge'.split(
    ' ',
  ),
);
const headerLengthMin = 40;

/** Migrations are numbered without a gap, named verb_noun, and say first why they are and what they lock. */
export function checkMigrations(root: string): string[] {
  const files = listFiles(root, ['migrations'], ['.sql']).map((file) => file.slice('migrations/'.length));
  if (files.length === 0) throw new Error(`no migrations below ${root}`);
  return files.flatMap((file, at) => {
    const [, number, verb] = migrationName.exec(file) ?? [];
    if (number === undefined || verb === undefined) return [`${file}: is not named NNNN_verb_noun.sql`];
    const header = /^(--[^\n]*\n)+/.exec(readFileSync(path.join(root, 'migrations', file), 'utf8'))?.[0] ?? '';
    return [
      ...(migrationVerbs.has(verb) ? [] : [`${file}: does not begin with a verb`]),
      ...(Number(number) === at ? [] : [`${file}: is out of order, expected ${String(at).padStart(4, '0')}`]),
      ...(header.length >= headerLengthMin ? [] : [`${file}: has no header that says why`]),
      ...(/lock/i.test(header) ? [] : [`${file}: its header does not say what it locks`]),
    ];
  });
}

function foldersOf(root: string, parent: string): string[] {
  if (!existsSync(path.join(root, parent))) return [];
  return readdirSync(path.join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && listFiles(root, [`${parent}/${entry.name}`], ['.ts', '.tsx']).length > 0)
    .map((entry) => entry.name);
}
