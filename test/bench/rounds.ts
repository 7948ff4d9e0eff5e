import type { BenchFigure, BenchResult } from './bench-case.ts';

const roundCount = 5;

/** What one side did in one round. */
export type Measured = { readonly durationMs: number; readonly walBytes: number };

export type Sides = {
  /** What a round handles, for the rates: `orders`. */
  readonly unit: string;
  readonly unitsPerRound: number;
  ceiling(round: number): Promise<Measured>;
  product(round: number): Promise<Measured>;
  tell(line: string): void;
};

/**
 * Alternating rounds on one machine in one run, so that its noise meets both sides: the ratio of each round is ceiling time
 * over product time, and their median is the value. Odd rounds begin with the product.
 */
export async function compareInRounds(sides: Sides): Promise<BenchResult> {
  const rounds: { ceiling: Measured; product: Measured }[] = [];
  for (let round = 0; round < roundCount; round += 1) {
    const ceilingFirst = round % 2 === 0;
    const early = ceilingFirst ? await sides.ceiling(round) : null;
    const product = await sides.product(round);
    const ceiling = early ?? (await sides.ceiling(round));
    rounds.push({ ceiling, product });
    const rates = [ceiling, product].map(({ durationMs }) => Math.round((sides.unitsPerRound / durationMs) * 1_000));
    sides.tell(`round ${round + 1} of ${roundCount}: ceiling ${rates[0]}/s, product ${rates[1]}/s`);
  }
  const ratios = rounds.map(({ ceiling, product }) => ceiling.durationMs / product.durationMs);
  return {
    value: median(ratios),
    spread: { min: Math.min(...ratios), max: Math.max(...ratios) },
    details: [
      ...figuresOf(
        'ceiling',
        sides,
        rounds.map(({ ceiling }) => ceiling),
      ),
      ...figuresOf(
        'product',
        sides,
        rounds.map(({ product }) => product),
      ),
    ],
  };
}

function figuresOf(name: string, { unit, unitsPerRound }: Sides, rounds: readonly Measured[]): BenchFigure[] {
  const perSecond = rounds.map(({ durationMs }) => (unitsPerRound / durationMs) * 1_000);
  const bytes = rounds.map(({ walBytes }) => walBytes / unitsPerRound);
  return [
    { name: `${name}.rate`, value: median(perSecond), unit: `${unit}/s` },
    { name: `${name}.wal`, value: median(bytes), unit: `bytes/${unit.replace(/s$/, '')}` },
  ];
}

/** Of an odd count the middle one, of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** The value that a share of them does not exceed: `percentile(times, 0.95)`. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError('no values');
  return value;
}
