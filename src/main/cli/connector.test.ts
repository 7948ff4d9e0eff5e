import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { sandbox } from '../../../connectors/sandbox/index.ts';
import { capabilitiesOf, type AnyConnector } from '../../connector-kit/index.ts';
import { connectors } from '../connectors.ts';
import { connectorCommand } from './connector.ts';
import { checkoutRoot } from './connector-folder.ts';
import { matrixColumns, matrixMarkdown } from './connector-matrix.ts';
import { readReport, sayReport } from './connector-report.ts';
import { withTable } from './connector-readme.ts';

const bare = mkdtempSync(join(tmpdir(), 'wharf-bare-'));

function write(path: string, text: string): void {
  mkdirSync(join(bare, path, '..'), { recursive: true });
  writeFileSync(join(bare, path), text);
}

write('connectors/hollow/index.ts', 'export const hollow = 1;\n');
write('connectors/mute/index.ts', "export const mute = { code: 'mute', orders: {}, settings: {} };\n");

afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(bare, { recursive: true, force: true }));

async function wharf(root: string, ...words: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  const program = new Command('wharf').option('--json').exitOverride();
  program.addCommand(connectorCommand(root, (close) => close()));
  await program.parseAsync(words, { from: 'user' });
  return printed.join('\n');
}

describe('wharf connector list', () => {
  it('shows every channel of the program with what its definition says', async () => {
    const row = z.looseObject({ code: z.string(), webhooks: z.unknown(), notes: z.array(z.string()) });
    const rows = z.array(row).parse(JSON.parse(await wharf(checkoutRoot, 'connector', 'list', '--json')));
    expect(rows.map(({ code }) => code)).toEqual([...connectors.keys()].toSorted());
    expect(rows.find(({ code }) => code === 'vendure')).toMatchObject({
      versions: '3.x',
      orders: { poll: { pageSizeMax: 50, overlapMs: 30_000 }, webhooks: false, rereadOpen: true },
      stock: { meaning: 'on_hand', byLocation: true },
      packages: 'partial',
      webhooks: null,
    });
    const table = await wharf(checkoutRoot, 'connector', 'list');
    expect(table).toMatch(/sandbox +poll, webhooks +yes +saleable, by location .* signed +100 a page, overlap 10 s/);
    expect(table).toContain('Vendure core has no webhooks.');
  });

  it('says no where a key is absent, and no more than is stated where it is there', () => {
    const { listings: _, stock: __, shipments, webhooks: ___, facts: ____, ...rest } = sandbox;
    const { cancelOrder: _____, ...orders } = rest.orders;
    const cells = (connector: AnyConnector): Record<string, unknown> =>
      Object.fromEntries(matrixColumns.map(({ title, of }) => [title, of(capabilitiesOf(connector))]));
    const poor = { listings: 'no', stock: 'no', packages: 'no', cancel: 'no', refund: 'yes', webhooks: 'none' };
    expect(cells({ ...rest, orders })).toMatchObject(poor);
    const facts = { packages: 'whole', refunds: 'partial' } as const;
    expect(cells({ ...rest, shipments, facts })).toMatchObject({ packages: 'yes, whole', refund: 'yes, partial' });
  });

  it('numbers the notes below the table, and writes it between the markers of a README that has them', () => {
    const noted = [...connectors.values()].map(capabilitiesOf).filter(({ notes }) => notes.length > 0);
    const lines = matrixMarkdown(noted).split('\n');
    expect(new Set(lines.filter((line) => line.startsWith('|')).map((line) => line.length)).size).toBe(1);
    expect(lines.at(-1)).toMatch(new RegExp(`^${noted.length}\\. `));
    const readme = 'before\n<!-- connectors:begin -->old<!-- connectors:end -->\nafter\n';
    const written = withTable(readme, connectors.values());
    expect(written).toMatch(/^before\n<!-- connectors:begin -->\n\n\| channel [^]*-->\nafter\n$/);
    expect(withTable(written, connectors.values())).toBe(written);
    expect(() => withTable('none', [])).toThrow(/no table of channels[^]*Next: /);
  });
});

describe('wharf connector fake', () => {
  it('names what a folder lacks, and the next step', async () => {
    await expect(wharf(bare, 'connector', 'fake', 'nobody')).rejects.toThrow(
      /hollow, mute[^]*wharf connector new nobody/,
    );
    await expect(wharf(bare, 'connector', 'fake', 'hollow')).rejects.toThrow(/exports no connector[^]*Next: /);
    await expect(wharf(bare, 'connector', 'fake', 'mute')).rejects.toThrow(/exports no serveFake[^]*Next: /);
    await expect(wharf(bare, 'connector', 'fake', '../connectors/mute')).rejects.toThrow(/There is no folder/);
  });

  it('says that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const refused = wharf(checkoutRoot, 'connector', 'fake', 'sandbox', '--port', String(port));
    await expect(refused).rejects.toThrow(/Something else listens on port[^]*Next: /);
    server.close();
  });
});

describe('wharf connector test', () => {
  it('says that the runner of the tests is not installed', async () => {
    await expect(wharf(bare, 'connector', 'test', 'hollow')).rejects.toThrow(/vitest is not installed[^]*Next: npm ci/);
  });

  const suite = (...states: string[]) => ({
    name: '/x/connectors/acme/conformance.test.ts',
    status: states.includes('failed') ? 'failed' : 'passed',
    message: '',
    assertionResults: states.map((status, at) => ({
      title: status === 'skipped' ? `case ${at}: not applicable, no webhooks` : `case ${at}`,
      fullName: `suite case ${at}`,
      status,
      failureMessages: status === 'failed' ? ['AssertionError: not one package\nat once\n    at a/file.ts:1'] : [],
    })),
  });
  const own = (status: string) => ({ ...suite(status), name: '/x/connectors/acme/orders.test.ts' });
  const lost = {
    name: '/x/connectors/acme/lost.test.ts',
    status: 'failed',
    message: 'no such module',
    assertionResults: [],
  };
  const report = (...testResults: object[]) => readReport('acme', JSON.stringify({ testResults }));

  it('is green when all that applies has passed', () => {
    const green = report(suite('passed', 'skipped'), own('passed'));
    expect(green.isGreen).toBe(true);
    expect(sayReport(green)).toEqual([
      'Conformance of acme',
      '  pass  case 0',
      '  n/a   case 1: no webhooks',
      '',
      'Its own tests: 1 passed, 0 failed',
      '',
      'acme conforms: 1 cases passed, 0 failed, 1 not applicable.',
    ]);
  });

  it.each([
    [
      'a failed case, without its stack',
      [suite('passed', 'failed')],
      ['  FAIL  case 1', '          AssertionError: not one package', '          at once'],
    ],
    ['a failed test of its own', [suite('passed'), own('failed')], ['  FAIL  orders.test.ts: suite case 0']],
    [
      'a file that could not be run',
      [suite('passed'), lost],
      ['  FAIL  lost.test.ts could not be run', '          no such module'],
    ],
    ['a folder without the suite', [own('passed')], ['  no case was run']],
    [
      'a suite of which nothing applies',
      [suite('skipped')],
      ['acme does not conform: 0 cases passed, 0 failed, 1 not applicable.'],
    ],
  ])('is not green for %s', (_title, files, said) => {
    const red = report(...files);
    expect(red.isGreen).toBe(false);
    expect(sayReport(red)).toEqual(expect.arrayContaining(said));
  });
});
