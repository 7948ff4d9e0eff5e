import { meets, type BenchCase, type BenchResult, type Goal } from './bench-case.ts';

export type Reported = { readonly bench: BenchCase; readonly result: BenchResult };

/** One object a line: the figure itself, its spread, and what stands behind it, each by its full name. */
export function jsonLines({ bench, result }: Reported): string[] {
  const { name, unit } = bench;
  const figures = [
    { name, value: result.value, unit },
    { name: `${name}.min`, value: result.spread.min, unit },
    { name: `${name}.max`, value: result.spread.max, unit },
    ...result.details.map((detail) => ({ ...detail, name: `${name}.${detail.name}` })),
  ];
  return figures.map((figure) => JSON.stringify({ ...figure, value: Number(figure.value.toPrecision(6)) }));
}

/** A table for people: each figure with its goal and spread, then what stands behind it. */
export function table(reported: readonly Reported[]): string {
  const head = ['figure', 'value', 'unit', 'spread', 'goal', ''];
  const lines = reported.flatMap(({ bench, result }) => [
    [
      bench.name,
      number(result.value),
      bench.unit,
      result.spread.min === result.spread.max ? '' : `${number(result.spread.min)}–${number(result.spread.max)}`,
      goalText(bench.goal),
      meets(bench.goal, result.value) ? 'met' : 'MISSED',
    ],
    ...result.details.map((detail) => [`  ${detail.name}`, number(detail.value), detail.unit, '', '', '']),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)));
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function goalText(goal: Goal): string {
  return 'atLeast' in goal ? `≥ ${number(goal.atLeast)}` : `≤ ${number(goal.atMost)}`;
}

/** Whole from a hundred on, else three digits. */
function number(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
