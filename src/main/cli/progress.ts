import type { Progress } from '../../platform/backup/index.ts';

const everyMs = 1_000;

/** Says on standard error how far a long work is, once it takes longer than `afterMs`. */
export function showProgress(afterMs: number): { show(progress: Progress): void; end(): void } {
  const startedMs = Date.now();
  let shownMs = 0;
  return {
    show({ step, bytes }) {
      const nowMs = Date.now();
      if (nowMs - startedMs < afterMs || nowMs - shownMs < everyMs) return;
      shownMs = nowMs;
      const line = `${step} … ${(bytes / 1e6).toFixed(0)} MB, ${Math.round((nowMs - startedMs) / 1_000)} s`;
      process.stderr.write(process.stderr.isTTY ? `\r${line}   ` : `${line}\n`);
    },
    end() {
      if (shownMs > 0 && process.stderr.isTTY) process.stderr.write('\n');
    },
  };
}
