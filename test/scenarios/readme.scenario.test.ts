import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readmeCommands, wharfWords } from '../architecture/readme.ts';
import { openDeployment, type Deployment } from '../support/deployment.ts';
import { removeVarDir } from '../support/remove-var-dir.ts';
import { startWharf, type RunningWharf } from '../support/run-wharf.ts';
import { wharfHere } from '../support/wharf-here.ts';

const checkout = resolve(import.meta.dirname, '../..');
const commands = readmeCommands(readFileSync(join(checkout, 'README.md'), 'utf8'));
const inCi = commands.filter((command) => command.runsInCi).map((command) => command.line);
const ofWharf = inCi.filter((line) => wharfWords(line) !== null);

/** Commands that are not the program's: what runs each. */
const runElsewhere: Readonly<Record<string, string>> = {
  'npm ci && npm start': '.ci/run installs; start.scenario.test.ts runs the start script',
  'npm start -- --real': 'below',
  'npm ci && npm test': '.ci/run',
  'npm run check': '.ci/run, step by step',
  'npm run test:live': '.ci/run',
  '.ci/servers npm run test:servers': '.ci/run',
  '.ci/servers npm run test:chaos': '.ci/run',
  '.ci/run': 'CI itself',
};

describe('the README', () => {
  let varDir: string;
  let hub: RunningWharf;
  let deployment: Deployment;
  let environment: Record<string, string>;

  beforeAll(async () => {
    varDir = mkdtempSync(join(tmpdir(), 'wharf-readme-'));
    deployment = await openDeployment();
    environment = { ...deployment.environment, WHARF_VAR_DIR: varDir, LOG_LEVEL: 'warn' };
    hub = await startWharf(environment, 60_000, ['--real']);
  });

  afterAll(async () => {
    await hub?.interrupt();
    await deployment?.close();
    removeVarDir(varDir);
  });

  it('has commands to run, and none that nobody runs', () => {
    expect(ofWharf.length).toBeGreaterThan(5);
    const unknown = inCi.filter((line) => wharfWords(line) === null && runElsewhere[line] === undefined);
    expect(unknown).toEqual([]);
  });

  it('a command in a new block that nobody runs would be noticed', () => {
    const planted = readmeCommands('```sh\nrm -rf /\n```\n<!-- not run in CI: a plant -->\n```sh\nwget x\n```\n');
    expect(planted).toEqual([
      { line: 'rm -rf /', runsInCi: true },
      { line: 'wget x', runsInCi: false },
    ]);
  });

  it('starts for real with an empty database when told so', async () => {
    const answer = await fetch(`${hub.origin}/api/v1/orders`, { headers: { authorization: `Bearer ${hub.token}` } });
    expect(await answer.json()).toEqual({ items: [], next: null });
  });

  it.each(ofWharf)('%s', async (line) => {
    const { code, stderr } = await wharfHere(wharfWords(line) ?? [], environment);
    // What takes over two seconds says how far it is.
    expect(stderr.replaceAll(/^\S.* … .*$\n/gm, '')).toBe('');
    expect(code).toBe(0);
  });
});
