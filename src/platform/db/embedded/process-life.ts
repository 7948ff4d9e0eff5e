import { readFileSync } from 'node:fs';

/** When a process started, in the kernel's ticks: tells it from a later one with the same pid. Empty where there is no /proc. */
export function startTicks(pid: number): string {
  return statFields(pid)?.[19] ?? '';
}

/** Whether a process runs; one that has ended and only waits for its parent (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return statFields(pid)?.[0] !== 'Z';
}

/** The command a process was started with; null where there is no /proc or no such process. */
export function commandLine(pid: number): string | null {
  return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? null;
}

/** Fields of /proc/<pid>/stat from the third (state) on: the second, the name in brackets, may hold spaces. */
function statFields(pid: number): string[] | null {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
