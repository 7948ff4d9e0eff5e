import { parseArgs } from 'node:util';
import { meets } from './bench-case.ts';
import { benchCases } from './cases.ts';
import { jsonLines, table, type Reported } from './report.ts';
import { openWorld } from './world.ts';

const usage = `npm run bench -- [options]

Measures Wharf against the bars of PERFORMANCE.md on a PostgreSQL of its own.

  --only NAME   run this case, or those whose names begin so; may be repeated
  --json        one object a line: {"name", "value", "unit"}; a table otherwise
  --strict      exit 1 where a goal is missed
  --help        this text

Cases: ${benchCases.map(({ name }) => name).join(', ')}
`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const chosen = benchCases.filter(
  ({ name }) => options.only.length === 0 || options.only.some((start) => name.startsWith(start)),
);

if (options.help) process.stdout.write(usage);
else if (chosen.length === 0) {
  process.stderr.write(`no such case\n\n${usage}`);
  process.exitCode = 2;
} else {
  const reported = await runCases();
  if (!options.json) process.stdout.write(`${table(reported)}\n`);
  const missed = reported.some(({ bench, result }) => !meets(bench.goal, result.value));
  process.exitCode = options.strict && missed ? 1 : 0;
}

async function runCases(): Promise<Reported[]> {
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const reported: Reported[] = [];
  const world = await openWorld(tell);
  // A bench that is interrupted must not leave its server behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void world.close().finally(() => process.exit(130)));
  }
  try {
    for (const bench of chosen) {
      tell(`${bench.name} …`);
      const one = { bench, result: await bench.run(world) };
      reported.push(one);
      if (options.json) process.stdout.write(`${jsonLines(one).join('\n')}\n`);
    }
  } finally {
    await world.close();
  }
  return reported;
}
