import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import { Fault } from '../../kernel/index.ts';
import { folderOf } from './connector-folder.ts';
import { readReport, sayReport, type ConnectorReport } from './connector-report.ts';
import { printJson, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';

export function testCommand(root: string): Command {
  return subCommand(
    'test <name>',
    "run the conformance suite over a connector's fake, and the connector's own tests; exit 1 unless all pass",
    'connector test vendure',
  ).action(async (name: string, _options: object, command: Command) => {
    const report = await runTests(root, name);
    if (wantsJson(command)) printJson(report);
    else for (const line of sayReport(report)) console.log(line);
    if (!report.isGreen) process.exitCode = 1;
  });
}

/** Runs vitest over one folder, in a process of its own. Faults `connector.unknown`, `connector.no_runner`, `connector.no_report`. */
async function runTests(root: string, name: string): Promise<ConnectorReport> {
  folderOf(root, name);
  const runner = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  if (!existsSync(runner)) {
    throw new Fault('unavailable', 'connector.no_runner', {
      message: 'vitest is not installed: it is among the devDependencies.\n  Next: npm ci, without --omit=dev.',
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'wharf-connector-'));
  const file = join(folder, 'report.json');
  const options = ['--config', 'config/tooling/vitest.unit.config.ts', '--reporter=json', `--outputFile=${file}`];
  try {
    const child = spawn(process.execPath, [runner, 'run', ...options, `connectors/${name}/`], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [complaints] = await Promise.all([readAll(child.stderr), once(child, 'close')]);
    if (!existsSync(file)) {
      throw new Fault('internal', 'connector.no_report', { message: `vitest ended without a report:\n${complaints}` });
    }
    return readReport(name, readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
