import fc from 'fast-check';
import {
  addLineCommand,
  addressCommand,
  cancelCommand,
  cancelLineCommand,
  editQuantityCommand,
  holdCommand,
  orderCommand,
  payCommand,
  removeLineCommand,
  repeatCommand,
} from './channel-commands.ts';
import { adjustCommand, advanceCommand, allocateCommand, receiveCommand, shipCommand } from './goods-commands.ts';
import { numberCommand } from './invoice-commands.ts';
import { mergeCommand, splitCommand, withdrawCommand } from './parcel-commands.ts';
import {
  askRefundCommand,
  channelRefundCommand,
  decideCommand,
  forgetReturnCommand,
  payBackCommand,
  returnCommand,
} from './return-commands.ts';
import type { Command } from './walk.ts';

const seed = fc.nat({ max: 1_000 });
const few = fc.integer({ min: 1, max: 4 });
const one = <Args extends readonly unknown[]>(
  weight: number,
  args: { readonly [Key in keyof Args]: fc.Arbitrary<Args[Key]> },
  make: (...drawn: Args) => Command,
) => ({ weight, arbitrary: fc.tuple<unknown[]>(...args).map((drawn) => make(...(drawn as unknown as Args))) });

const receipt = one<[number, number, number]>(4, [seed, seed, fc.integer({ min: 1, max: 9 })], receiveCommand);
const sold = fc.record({
  shop: fc.nat({ max: 1 }),
  lines: fc.array(fc.tuple(fc.nat({ max: 2 }), few), { minLength: 1, maxLength: 3 }),
  placed: fc.nat({ max: 3_600 }),
  receiver: fc.nat({ max: 1 }),
  shippingMinor: fc.constantFrom(0, 490),
  residualMinor: fc.constantFrom(0, 0, 0, 1, -1),
  isPaid: fc.nat({ max: 9 }).map((number) => number > 0),
  hasNotice: fc.nat({ max: 14 }).map((number) => number === 0),
});
const order = { weight: 4, arbitrary: sold.map(orderCommand) };
const allocation = one<[number]>(6, [fc.constantFrom(3, 50, 50)], allocateCommand);
const decision = fc.constantFrom<'restock' | 'scrap' | 'none'>('restock', 'restock', 'scrap', 'none');

const anyCommand = fc.oneof(
  receipt,
  order,
  allocation,
  one<[number, boolean]>(5, [seed, fc.constant(false)], advanceCommand),
  one<[number, boolean]>(1, [seed, fc.constant(true)], advanceCommand),
  one<[number]>(5, [seed], shipCommand),
  one<[number, number]>(2, [seed, few], withdrawCommand),
  one<[number, number]>(3, [seed, few], splitCommand),
  one<[number, number]>(3, [seed, fc.integer({ min: 2, max: 3 })], mergeCommand),
  one<[number, number, number]>(3, [seed, seed, fc.constantFrom(-6, -4, -3, -2, -1, 1, 2)], adjustCommand),
  one<[number, number, number]>(3, [seed, seed, fc.integer({ min: 1, max: 6 })], editQuantityCommand),
  one<[number, number, number]>(1, [seed, fc.nat({ max: 2 }), few], addLineCommand),
  one<[number, number]>(1, [seed, seed], removeLineCommand),
  one<[number]>(2, [seed], addressCommand),
  one<[number, number, number]>(2, [seed, seed, fc.integer({ min: 1, max: 2 })], cancelLineCommand),
  one<[number]>(2, [seed], cancelCommand),
  one<[number]>(2, [seed], payCommand),
  one<[number]>(1, [seed], repeatCommand),
  one<[number]>(2, [seed], holdCommand),
  one<[number, number]>(3, [seed, fc.integer({ min: 1, max: 2 })], returnCommand),
  one<[number, 'restock' | 'scrap' | 'none', number, number]>(
    3,
    [seed, decision, fc.integer({ min: 1, max: 2 }), seed],
    decideCommand,
  ),
  one<[number]>(1, [seed], forgetReturnCommand),
  one<[number, number, number, number]>(
    2,
    [seed, seed, fc.nat({ max: 2 }), fc.integer({ min: 1, max: 2_000 })],
    channelRefundCommand,
  ),
  one<[number, boolean]>(2, [seed, fc.boolean()], askRefundCommand),
  one<[number]>(2, [fc.nat({ max: 1 })], payBackCommand),
  one<[]>(1, [], numberCommand),
);

export type Walk = {
  readonly commands: readonly Command[];
  /** How many of them have begun: what comes after a failure is no part of it. */
  begun: number;
};

/** A walk by name, a command a line: what a counterexample prints. */
const named = (commands: readonly Command[]): Walk & { toString(): string } => ({
  commands,
  begun: 0,
  toString: () => commands.map((each, index) => `\n  ${index + 1}. ${each.toString()}`).join(''),
});

/**
 * Walks that are all of the same length and begin where something can happen. `fc.commands` makes short ones; and a fixed
 * length would not shrink, so a failing walk is shrunk by leaving out what came after, then halves, quarters … and at last
 * single commands.
 */
class Walks extends fc.Arbitrary<Walk> {
  readonly #all: fc.Arbitrary<Command[]>;

  constructor(length: number) {
    super();
    const start = fc.tuple(
      ...[receipt, receipt, receipt, order, order, order, allocation].map((each) => each.arbitrary),
    );
    const size = Math.max(0, length - 8);
    const rest = fc.array(anyCommand, { minLength: size, maxLength: size, size: 'max' });
    this.#all = fc.tuple(start, rest).map(([first, others]) => [...first, ...others, numberCommand()]);
  }

  generate(random: fc.Random): fc.Value<Walk> {
    return new fc.Value(named(this.#all.generate(random, undefined).value), undefined);
  }

  canShrinkWithoutContext(value: unknown): value is Walk {
    return typeof value === 'object' && value !== null && 'commands' in value;
  }

  /** The context is how many commands were left out at a time when the walk last failed. */
  shrink({ commands, begun }: Walk, context: unknown): fc.Stream<fc.Value<Walk>> {
    const failing = begun > 0 ? commands.slice(0, begun) : commands;
    const size = typeof context === 'number' ? context : Math.ceil(failing.length / 2);
    return fc.stream(smaller(commands, failing, size)).map(([fewer, leftOut]) => new fc.Value(named(fewer), leftOut));
  }
}

type Smaller = readonly [commands: readonly Command[], leftOut: number];

function* smaller(all: readonly Command[], failing: readonly Command[], from: number): Generator<Smaller> {
  if (failing.length < all.length) yield [failing, from];
  for (let size = from; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < failing.length; at += size) {
      if (failing.length > size) yield [[...failing.slice(0, at), ...failing.slice(at + size)], size];
    }
  }
}

export const anyWalk = (length: number): fc.Arbitrary<Walk> => new Walks(length);
