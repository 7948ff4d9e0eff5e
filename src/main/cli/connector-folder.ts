import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyConnector, ServeFake } from '../../connector-kit/index.ts';
import { compareBytes, Fault } from '../../kernel/index.ts';

/** The checkout that this program runs from: where connectors are written. */
export const checkoutRoot = resolve(import.meta.dirname, '../../..');

/** Names of the folders below connectors/, the template's too. */
export function connectorFolders(root: string): string[] {
  return readdirSync(join(root, 'connectors'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted(compareBytes);
}

/** The folder of a connector. Fault `connector.unknown`, which names those there are. */
export function folderOf(root: string, name: string): string {
  const names = connectorFolders(root);
  if (names.includes(name)) return join(root, 'connectors', name);
  throw new Fault('not_found', 'connector.unknown', {
    message: `There is no folder connectors/${name}; there are ${names.join(', ')}.\n  Next: wharf connector new ${name} makes one.`,
  });
}

/** The definition in a folder's index.ts, registered or not. */
export async function loadDefinition(root: string, name: string): Promise<AnyConnector> {
  const found = Object.values(await load(join(folderOf(root, name), 'index.ts'))).find(isConnector);
  if (found !== undefined) return found;
  throw incomplete(`connectors/${name}/index.ts exports no connector`, 'export the answer of defineConnector there.');
}

/** What serves a folder's fake. The running hub never comes here: a fake is loaded by its folder's name, when it is asked for. */
export async function loadServeFake(root: string, name: string): Promise<ServeFake> {
  const door = join(folderOf(root, name), 'fake', 'index.ts');
  const { serveFake } = existsSync(door) ? await load(door) : {};
  if (isServeFake(serveFake)) return serveFake;
  throw incomplete(
    `connectors/${name}/fake/index.ts exports no serveFake`,
    'write one as connectors/template/fake/serve.ts does.',
  );
}

async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  return { ...Object(await import(pathToFileURL(file).href)) };
}

function isConnector(value: unknown): value is AnyConnector {
  return typeof value === 'object' && value !== null && 'code' in value && 'orders' in value && 'settings' in value;
}

function isServeFake(value: unknown): value is ServeFake {
  return typeof value === 'function';
}

function incomplete(what: string, next: string): Fault {
  return new Fault('invalid', 'connector.incomplete', { message: `${what}.\n  Next: ${next}` });
}
