import { createHash } from 'node:crypto';

/** What happened, without wall time: the same seed writes the same lines. */
export type RunLog = {
  line(text: string): void;
  hash(): string;
  /** The last lines, for a report. */
  tail(count: number): readonly string[];
};

const keptMax = 400;

export function createRunLog(print: ((line: string) => void) | null = null): RunLog {
  const hash = createHash('sha256');
  const kept: string[] = [];
  return {
    line(text) {
      hash.update(`${text}\n`);
      kept.push(text);
      if (kept.length > keptMax) kept.shift();
      print?.(text);
    },
    hash: () => hash.copy().digest('hex').slice(0, 16),
    tail: (count) => kept.slice(-count),
  };
}
