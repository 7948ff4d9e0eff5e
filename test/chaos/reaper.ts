import { spawn } from 'node:child_process';

/** How something of ours ends when nobody else has ended it. */
export type Remains =
  | { readonly kind: 'process'; readonly pid: number; readonly signal: 'KILL' | 'QUIT' }
  | { readonly kind: 'mount'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'netns'; readonly name: string };

/** Reads `+ line` and `- line`, remembers what stands, and at the end of its input ends it: processes first, folders last. */
const script = `
  standing=''
  while IFS= read -r line; do
    case "$line" in
      '+ '*) standing="$standing
\${line#+ }" ;;
      '- '*) standing="$(printf '%s\\n' "$standing" | grep -vxF -- "\${line#- }")" ;;
    esac
  done
  each() { printf '%s\\n' "$standing" | while IFS=' ' read -r kind first second; do [ "$kind" = "$1" ] && eval "$2"; done; }
  each process 'kill -CONT "$second" 2>/dev/null; kill -"$first" "$second" 2>/dev/null'
  sleep 0.5
  each netns 'ip netns delete "$first" 2>/dev/null'
  each mount 'umount -l "$first" 2>/dev/null'
  each folder 'rm -rf "$first"'
`;

let reaper: ReturnType<typeof spawn> | null = null;

/**
 * Has something ended when this process dies, by kill -9 too: a shell waits for the end of a pipe whose other end only we
 * hold. What is given back says that it has been ended already.
 */
export function endWithUs(remains: Remains): () => void {
  reaper ??= start();
  const line = lineOf(remains);
  reaper.stdin?.write(`+ ${line}\n`);
  return () => void reaper?.stdin?.write(`- ${line}\n`);
}

function start(): ReturnType<typeof spawn> {
  const child = spawn('/bin/sh', ['-c', script], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  endWithRunner();
  const { stdin } = child;
  stdin?.on('error', () => undefined);
  if (stdin !== null && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return child;
}

/** A worker of the test runner outlives a runner that was killed, and would go on with its faults. */
function endWithRunner(): void {
  const watch = `while kill -0 "$1" 2>/dev/null; do kill -0 "$2" 2>/dev/null || exit; sleep 1; done; kill -9 "$2"`;
  const words = ['-c', watch, 'sh', String(process.ppid), String(process.pid)];
  spawn('/bin/sh', words, { cwd: '/', detached: true, stdio: 'ignore' }).unref();
}

function lineOf(remains: Remains): string {
  switch (remains.kind) {
    case 'process':
      return `process ${remains.signal} ${remains.pid}`;
    case 'netns':
      return `netns ${remains.name}`;
    case 'mount':
    case 'folder':
      return `${remains.kind} ${remains.path}`;
  }
}
