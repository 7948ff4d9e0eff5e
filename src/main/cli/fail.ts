import { Fault } from '../../kernel/index.ts';

/** Ends a command that failed: what is wrong, which fields, and code 1. An unexpected error keeps its stack. */
export function failWith(error: unknown): void {
  if (error instanceof Fault) {
    console.error(`${error.code}: ${error.message}`);
    for (const field of error.fields) console.error(`  ${field.path}: ${field.message}`);
  } else {
    console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  process.exitCode = 1;
}
