import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import { connectors } from '../connectors.ts';
import { connectorCommand } from './connector.ts';
import { checkoutRoot } from './connector-folder.ts';
import { shopCommand } from './shop.ts';

const database = useDatabase();
const varDir = mkdtempSync(join(tmpdir(), 'wharf-fake-'));

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(varDir, { recursive: true, force: true }));

async function run(program: Command, words: readonly string[]): Promise<string[]> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await new Command('wharf').option('--json').exitOverride().addCommand(program).parseAsync(words, { from: 'user' });
  return printed;
}

/** The words of a printed line, as a shell takes them. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:'([^']*)'|"([^"]*)"|([^\s'"]+))+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));
}

describe('what "wharf connector fake" prints connects a shop', () => {
  it.each([...connectors.keys()])('%s', async (name) => {
    const shown: string[] = [];
    vi.stubEnv('DATABASE_URL', database.url);
    vi.stubEnv('WHARF_VAR_DIR', varDir);
    vi.stubEnv('WHARF_MASTER_KEY', randomBytes(32).toString('base64'));
    vi.stubEnv('LOG_LEVEL', 'error');
    const fake = connectorCommand(checkoutRoot, async (close) => {
      const printed = vi.mocked(console.log).mock.calls.map(([line]) => String(line).trim());
      for (const line of printed.filter((each) => each.startsWith('export '))) {
        const [, assignment = ''] = words(line);
        vi.stubEnv(assignment.slice(0, assignment.indexOf('=')), assignment.slice(assignment.indexOf('=') + 1));
      }
      const connect = printed.find((line) => line.startsWith('npm run -s wharf -- shop connect ')) ?? '';
      shown.push(...(await run(shopCommand(), words(connect).slice(5))));
      await close();
    });
    await run(fake, ['connector', 'fake', name]);
    expect(shown.join('\n')).toMatch(/^shopId +[0-9a-f-]{36}$/m);
  });
});
