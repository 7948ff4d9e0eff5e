import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { failWith } from '../../src/main/cli/fail.ts';
import { buildProgram } from '../../src/main/cli/program.ts';
import type { Finished } from './run-wharf.ts';

type Printed = { stdout: string; stderr: string };

/**
 * The program on the database of a test file: gives what runs one command line in this process, which is spared loading the
 * program anew. It resolves with what the command printed on standard output and rejects as the command does. The master key
 * is that of the worlds in test/support/factories, so that what they sealed can be read.
 */
export function useWharf(database: { readonly url: string }): {
  readonly varDir: string;
  wharf(...words: string[]): Promise<string>;
} {
  const varDir = mkdtempSync(join(tmpdir(), 'wharf-cli-'));
  beforeAll(() => {
    const environment = {
      DATABASE_URL: database.url,
      WHARF_VAR_DIR: varDir,
      WHARF_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
      LOG_LEVEL: 'error',
      LC_ALL: '',
      LC_MESSAGES: '',
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(varDir, { recursive: true, force: true });
  });
  return {
    varDir,
    async wharf(...words) {
      const printed = { stdout: '', stderr: '' };
      await listening(printed, () => parse(words));
      return printed.stdout.trimEnd();
    },
  };
}

/** Runs one command in this process as its own process would, up to its exit code, with `environment`. */
export async function wharfHere(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Finished> {
  const printed = { stdout: '', stderr: '' };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await listening(printed, () => parse(words).catch(failWith));
    return { code: Number(process.exitCode ?? 0), ...printed };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
  }
}

async function parse(words: readonly string[]): Promise<void> {
  await buildProgram().exitOverride().parseAsync(words, { from: 'user' });
}

async function listening(printed: Printed, work: () => Promise<void>): Promise<void> {
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line = '') => void (printed.stdout += `${line}\n`)),
    vi.spyOn(console, 'error').mockImplementation((line = '') => void (printed.stderr += `${line}\n`)),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed.stderr += String(text);
      return true;
    }),
  ];
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
