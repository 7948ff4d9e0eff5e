import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { conformanceCases } from '../../src/connector-kit/conformance/index.ts';
import { connectorCommand } from '../../src/main/cli/connector.ts';
import { checkAnatomy, checkFileNames } from '../architecture/layout.ts';
import { readmeCommands, wharfWords } from '../architecture/readme.ts';
import { checkConformance } from '../architecture/conformance.ts';
import { checkRooms, readRoomPlan } from '../architecture/rooms.ts';
import { projectRoot } from '../architecture/source-files.ts';
import { openConnectorBench } from '../support/connector-bench.ts';

const guide = readmeCommands(readFileSync(join(projectRoot, 'connectors/README.md'), 'utf8'));
const ofGuide = guide.filter(({ runsInCi }) => runsInCi).map(({ line }) => line);
const name = 'harbour-mart';

let bench: ReturnType<typeof openConnectorBench>;
const fetched: string[] = [];
let tableAtFirst = '';

beforeAll(() => {
  bench = openConnectorBench();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(() => bench?.close());

/** Runs a command line in this process over the bench; gives what it printed and its exit code. */
async function wharf(...words: string[]): Promise<{ stdout: string; code: number }> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  process.exitCode = undefined;
  /** In place of Ctrl-C: asks the fake once, and ends it. */
  const visit = async (close: () => Promise<void>): Promise<void> => {
    const origin = /http:\S+/.exec(printed.join('\n'))?.[0] ?? '';
    const headers = { authorization: 'Bearer harbour-mart-token' };
    fetched.push(await (await fetch(`${origin}/v1/shop`, { headers })).text());
    await close();
  };
  const program = new Command('wharf').option('--json').exitOverride();
  program.addCommand(connectorCommand(bench.root, visit));
  await program.parseAsync(words, { from: 'user' });
  return { stdout: printed.join('\n'), code: Number(process.exitCode ?? 0) };
}

function file(path: string): string {
  return readFileSync(join(bench.root, path), 'utf8');
}

describe('the guide for those who write connectors', () => {
  it('has commands to run, and none that nobody runs', () => {
    expect(ofGuide.filter((line) => wharfWords(line) === null)).toEqual(['npm run check']);
    expect(ofGuide.length).toBeGreaterThan(4);
  });

  it.each(ofGuide.filter((line) => wharfWords(line) !== null))('%s', async (line) => {
    // Any free port: another run of this suite may hold the one of the guide.
    const words = (wharfWords(line) ?? []).map((word) => (word === '4010' ? '0' : word));
    expect((await wharf(...words)).code).toBe(0);
    if (words.includes('new')) tableAtFirst = file('README.md');
  });
});

describe('a connector made from the template', () => {
  it('has the files of the template under its own name, and is in the list once', () => {
    const template = readdirSync(join(bench.root, 'connectors/template'), { recursive: true });
    expect(readdirSync(join(bench.root, 'connectors', name), { recursive: true })).toEqual(template);
    expect(file(`connectors/${name}/index.ts`)).toContain("code: 'harbour-mart'");
    expect(file(`connectors/${name}/harness.ts`)).toContain('export const harbourMartHarness');
    expect(tableAtFirst).toContain('| `harbour-mart` v1 ');
    const lines = file('src/main/connector-list.ts')
      .split('\n')
      .filter((line) => line.includes(name));
    expect(lines).toEqual(["export { harbourMart } from '../../connectors/harbour-mart/index.ts';"]);
    for (const path of readdirSync(join(bench.root, 'connectors', name), { recursive: true, withFileTypes: true })) {
      if (path.isFile()) expect(readFileSync(join(path.parentPath, path.name), 'utf8')).not.toMatch(/acme/i);
    }
  });

  it('keeps every rule of the house, unedited', () => {
    const plan = readRoomPlan(join(bench.root, 'config/rooms.json'));
    const ofConnector = (problems: string[]): string[] =>
      problems.filter((problem) => problem.includes(`connectors/${name}`));
    expect(ofConnector(checkRooms(bench.root, plan))).toEqual([]);
    expect(ofConnector([...checkAnatomy(bench.root), ...checkFileNames(bench.root)])).toEqual([]);
    expect(checkConformance(bench.root)).toEqual([]);
    const tools = [
      ['oxfmt', '--config', 'config/tooling/oxfmt.json', '--check', `connectors/${name}/**/*.ts`],
      ['tsc', '--noEmit', '--project', 'tsconfig.connector.json'],
    ];
    const settings = { extends: './tsconfig.json', include: [`connectors/${name}`] };
    writeFileSync(join(bench.root, 'tsconfig.connector.json'), JSON.stringify(settings));
    for (const [tool = '', ...words] of tools) {
      const run = spawnSync(join(bench.root, 'node_modules/.bin', tool), words, { cwd: bench.root, encoding: 'utf8' });
      expect(run.status, run.stdout + run.stderr).toBe(0);
    }
  });

  it('passes every case of the suite that applies, and what is broken in it is told by its case', async () => {
    const outcome = z.object({ title: z.string(), state: z.string(), failure: z.string().nullable() });
    const report = z.object({ isGreen: z.boolean(), conformance: z.array(outcome), own: z.array(outcome) });
    const path = `connectors/${name}/shipments.ts`;
    const text = file(path);
    const blind = text.replace(/ {2}if \(shown !== undefined\).*\n/, '');
    expect(blind).not.toBe(text);
    writeFileSync(join(bench.root, path), blind.replace('const shown', 'const _shown'));
    const { stdout, code } = await wharf('connector', 'test', name, '--json');
    const { isGreen, conformance, own } = report.parse(JSON.parse(stdout));
    const cases = Object.keys(conformanceCases).length;
    expect({ code, isGreen, cases: conformance.length }).toEqual({ code: 1, isGreen: false, cases });
    expect(conformance.filter(({ state }) => state === 'failed')).toMatchObject([
      {
        title: 'a write whose answer was lost is shown on the channel once',
        failure: expect.stringContaining('not one package'),
      },
    ]);
    expect(own.every(({ state }) => state === 'passed')).toBe(true);
    writeFileSync(join(bench.root, path), text);
  });

  it('is served with the settings that sign in to it', () => {
    expect(fetched).toEqual([expect.stringContaining('Harbour Mart')]);
  });

  it('is not made over another, nor under a name that cannot be one', async () => {
    await expect(wharf('connector', 'new', name)).rejects.toThrow(/connectors\/harbour-mart exists[^]*Next: /);
    await expect(wharf('connector', 'new', 'vendure')).rejects.toThrow(/exists/);
    for (const [bad, why] of [
      ['Acme', 'lower-case'],
      ['../acme', 'lower-case'],
      ['a-', 'lower-case'],
      ['shop-service', 'says nothing'],
      ['default', 'word of the language'],
      ['orders', 'uses already'],
    ] as const) {
      await expect(wharf('connector', 'new', bad), bad).rejects.toThrow(new RegExp(`${why}[^]*Next: `));
    }
  });
});
