import { vi } from 'vitest';
import { buildProgram } from '../../src/main/cli/program.ts';
import { failWith } from '../../src/main/cli/fail.ts';
import type { Finished } from './run-wharf.ts';

/**
 * Runs one command in this process, which is spared loading the program anew, with `environment` and nothing else of the
 * person's own settings that the program reads.
 */
export async function wharfHere(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Finished> {
  const printed = { stdout: '', stderr: '' };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line = '') => void (printed.stdout += `${line}\n`)),
    vi.spyOn(console, 'error').mockImplementation((line = '') => void (printed.stderr += `${line}\n`)),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed.stderr += String(text);
      return true;
    }),
  ];
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await buildProgram().exitOverride().parseAsync(words, { from: 'user' }).catch(failWith);
    return { code: Number(process.exitCode ?? 0), ...printed };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
