import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { withPlants } from './plant.ts';
import { projectRoot } from './source-files.ts';

const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'))).scripts;

test('what npm run check runs, CI runs too, and no test twice', () => {
  const run = readFileSync(path.join(projectRoot, '.ci/run'), 'utf8');
  const steps = [...(scripts['check'] ?? '').matchAll(/npm run (\S+)/g)].map(([, name = '']) => name);
  expect(steps).toContain('check:unit');
  // Its tests are all in `npm test`.
  for (const name of [...steps.filter((step) => step !== 'check:unit'), ...suites]) {
    expect(scripts).toHaveProperty([name]);
    expect(run).toMatch(new RegExp(`^ +(step \\w+ npm run|suite \\w+) ${name}( .ci/servers)?$`, 'm'));
  }
});

const suites = ['test', 'test:servers', 'test:chaos', 'test:live'];

/** An npm that does what `behaviour` (shell, by the script's name in $script) says and reports two tests a suite. */
function fakeNpm(behaviour: string): string {
  return `#!/bin/sh
script="$2"; report=''
for word in "$@"; do case "$word" in --outputFile.json=*) report="\${word#*=}";; esac; done
passed=2; failed=0; status=0; files='[]'
${behaviour}
[ -z "$report" ] || printf '{"numPassedTests":%d,"numFailedTests":%d,"testResults":%s}' "$passed" "$failed" "$files" >"$report"
echo "closing line of npm $*" | cut -c1-40
exit "$status"
`;
}

function runCi(behaviour: string): { status: number | null; lines: string[] } {
  return withPlants({ 'bin/npm': fakeNpm(behaviour) }, (root) => {
    cpSync(path.join(projectRoot, '.ci'), path.join(root, '.ci'), { recursive: true });
    chmodSync(path.join(root, 'bin/npm'), 0o755);
    // Its servers are its own story: here it runs what it is given.
    writeFileSync(path.join(root, '.ci/servers'), '#!/bin/sh\nexec "$@"\n');
    const search = [path.join(root, 'bin'), path.dirname(process.execPath), '/usr/bin', '/bin'].join(path.delimiter);
    const run = spawnSync('bash', [path.join(root, '.ci/run')], {
      encoding: 'utf8',
      env: { PATH: search, TMPDIR: root },
      input: 'nobody reads this',
    });
    return { status: run.status, lines: run.stdout.trimEnd().split('\n') };
  });
}

describe('.ci/run', () => {
  test('passes when every step does, and ends with the sum of all counts', () => {
    const { status, lines } = runCi('');
    expect(status).toBe(0);
    expect(lines.at(-1)).toBe('8 passed, 0 failed');
    expect(lines.filter((line) => /^\w+ +\d+ s {2}ok$/.test(line))).toHaveLength(9);
    expect(lines.slice(lines.indexOf('=== The runners said at last'))).toContain(
      'closing line of npm run test:live -- --r',
    );
  });

  test.each([
    ['a linter that complains', '[ "$script" != check:lint ] || status=1', '8 passed, 0 failed'],
    ['a failed test', '[ "$script" != test ] || { failed=1; passed=1; status=1; }', '7 passed, 1 failed'],
    [
      'a file that could not be read',
      `[ "$script" != test ] || { files='[{"status":"failed","assertionResults":[]}]'; status=1; }`,
      '8 passed, 1 failed',
    ],
    ['a suite that reports nothing', '[ "$script" != test:live ] || report=""', '6 passed, 1 failed'],
    ['a suite in which nothing ran', '[ "$script" != test:servers ] || passed=0', '6 passed, 1 failed'],
    ['a failed test that its runner hides', '[ "$script" != test ] || failed=1', '8 passed, 1 failed'],
    ['a runner that fails after green tests', '[ "$script" != test ] || status=1', '8 passed, 0 failed'],
    ['an install that fails', '[ "$1" != ci ] || status=1', '0 passed, 4 failed'],
  ])('fails on %s', (_title, behaviour, tally) => {
    const { status, lines } = runCi(behaviour);
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe(tally);
    expect(lines.some((line) => line.includes('FAILED (exit 1)'))).toBe(behaviour.includes('status=1'));
  });

  test('does not wait for a process that a step leaves behind', () => {
    const outlivesTheRun = '(while [ -d "$TMPDIR" ]; do sleep 0.2; done) &';
    expect(runCi(`[ "$script" != test ] || ${outlivesTheRun}`).status).toBe(0);
  });
});
